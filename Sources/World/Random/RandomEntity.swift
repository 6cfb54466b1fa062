/// A device, site or other entity of a run that draws random numbers: makes any of its streams in a few nanoseconds, so that nobody
/// has to keep them.
@frozen
public struct RandomEntity: Sendable {
  @usableFromInline let hash: UInt64

  /// - Parameters:
  ///   - seed: the fleet's seed.
  ///   - entity: the number of the entity, such as `DeviceIdentity.randomEntity`.
  @inlinable
  public init(seed: UInt64, entity: UInt64) {
    let run = RandomStream.finalise(seed &+ 0x9E37_79B9_7F4A_7C15)
    hash = RandomStream.finalise(run ^ RandomStream.finalise(entity &+ 0xD1B5_4A32_D192_ED03))
  }

  /// - Parameter number: what the draws are for; see `StreamNumber`.
  @inlinable
  public func stream(_ number: UInt64) -> RandomStream { RandomStream(of: self, stream: number) }
}
