import Glibc

/// Random numbers by position: draw `index` of a stream is a pure function of seed, entity, stream number and index.
///
/// There is no state, so draws can be made in any order and by any shard. Each stream is a SplitMix64 sequence with its own
/// start and its own odd increment (Steele, Lea, Flood 2014: "Fast splittable pseudorandom number generators").
@frozen
public struct RandomStream: Sendable {
  @usableFromInline let start: UInt64
  @usableFromInline let increment: UInt64

  /// - Parameters:
  ///   - seed: the fleet's seed.
  ///   - device: the number of the device, site or other entity that draws.
  ///   - stream: what the numbers are for; see `StreamNumber`.
  @inlinable
  public init(seed: UInt64, device: UInt64, stream: UInt64) {
    self = RandomEntity(seed: seed, entity: device).stream(stream)
  }

  @inlinable
  init(of entity: RandomEntity, stream: UInt64) {
    let hash = RandomStream.finalise(entity.hash ^ RandomStream.finalise(stream &+ 0x8CB9_2BA7_2F3D_8DD7))
    start = hash
    // An increment with few changes between neighbouring bits would mix badly; SplitMix64 repairs it in the same way.
    let odd = RandomStream.finalise(hash &+ 0x9E37_79B9_7F4A_7C15) | 1
    increment = (odd ^ (odd >> 1)).nonzeroBitCount < 24 ? odd ^ 0xAAAA_AAAA_AAAA_AAAA : odd
  }

  /// SplitMix64's finaliser: a bijection of 64-bit numbers in which every input bit changes half of the output bits.
  @inlinable
  public static func finalise(_ value: UInt64) -> UInt64 {
    var bits = value
    bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
    return bits ^ (bits >> 31)
  }

  /// 64 independent random bits.
  @inlinable
  public func bits(_ index: UInt64) -> UInt64 {
    RandomStream.finalise(start &+ index &* increment)
  }

  /// Uniform in [0, 1), in steps of 2^-53.
  @inlinable
  public func uniform(_ index: UInt64) -> Double {
    Double(bits(index) >> 11) * 0x1p-53
  }

  /// Uniform among the whole numbers 0..<bound; 0 when `bound` is 0. The bias is below bound / 2^64.
  @inlinable
  public func below(_ bound: UInt64, _ index: UInt64) -> UInt64 {
    bits(index).multipliedFullWidth(by: bound).high
  }

  /// Normally distributed with mean 0 and standard deviation 1; never beyond +-8.3.
  @inlinable
  public func normal(_ index: UInt64) -> Double {
    // The half step keeps the argument strictly between 0 and 1: 52 bits and the half step fit a Double exactly.
    InverseNormal.quantile((Double(bits(index) >> 12) + 0.5) * 0x1p-52)
  }

  /// Exponentially distributed with mean 1; at most 36.8.
  @inlinable
  public func exponential(_ index: UInt64) -> Double {
    -log(1 - uniform(index))
  }
}
