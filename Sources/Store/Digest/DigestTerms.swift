import FleetSpec

/// What readings add to digests of rows that a mapping describes: the same numbers as the SQL of `DigestQuery` gives for honest rows.
public struct DigestTerms: Sendable {
  private let keys: DigestKeys
  private let tolerance: ValueTolerance
  private let isDigestible: Bool
  private let hasQuality: Bool
  private let hasSequence: Bool
  private let hasEventID: Bool
  private let cutsFractions: Bool

  /// - Parameter store: nil for the standard mapping.
  public init(_ keys: DigestKeys, _ store: StoreMapping?) {
    self.keys = keys
    tolerance = store?.tolerance ?? .exact
    isDigestible = tolerance.isDigestible
    hasQuality = store?.attributes.contains { $0.field == .quality } ?? false
    hasSequence = store?.identity.sequence != nil
    hasEventID = store?.identity.eventID != nil
    cutsFractions = store?.timestampUnit == .seconds
  }

  /// - Parameters:
  ///   - timestamp: the device's, milliseconds since 1970, not negative.
  ///   - value: as it was sent.
  ///   - quality: a `QualityCode`; ignored where it is not mapped.
  ///   - sequence: the number that the payload bears; with `boot`, ignored where rows bear neither number nor id.
  @inline(__always)
  public func terms(timestamp: Milliseconds, value: Double, quality: Int, boot: Int32, sequence: Int64) -> (Int64, Int64) {
    let message = hasEventID ? MessageCode.code(boot: boot, sequence: sequence) : hasSequence ? MessageCode.code(sequence: sequence) : 0
    return keys.terms(
      timestampMicroseconds: StoreMapping.stored(timestamp, cutsFractions: cutsFractions) * 1_000,
      // A value that only a comparison can judge counts as missing on both sides.
      value: isDigestible ? tolerance.normalised(value) : .nan, quality: hasQuality ? quality : QualityCode.unmapped, message: message)
  }
}

extension StoreMapping {
  /// A device's timestamp as the table can hold it, in milliseconds.
  public func stored(_ timestamp: Milliseconds) -> Milliseconds { Self.stored(timestamp, cutsFractions: timestampUnit == .seconds) }

  @inline(__always)
  static func stored(_ timestamp: Milliseconds, cutsFractions: Bool) -> Milliseconds {
    cutsFractions ? CivilTime.floorDivide(timestamp, 1_000) * 1_000 : timestamp
  }
}
