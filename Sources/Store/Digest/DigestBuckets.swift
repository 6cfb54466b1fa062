/// Time cut into equal pieces: bucket k covers `origin + k * length` up to the next one.
public struct DigestBuckets: Sendable, Equatable {
  /// Microseconds since 1970 at which bucket 0 begins.
  public let origin: Int64
  /// Microseconds, at least 1.
  public let length: Int64

  public init(origin: Int64, length: Int64) {
    precondition(length > 0, "a bucket must have a length")
    self.origin = origin
    self.length = length
  }
}
