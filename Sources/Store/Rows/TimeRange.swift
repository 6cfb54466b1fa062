/// From one instant up to another, the latter excluded, in microseconds since 1970-01-01T00:00:00Z.
public struct TimeRange: Sendable, Equatable {
  public let from: Int64
  public let to: Int64

  /// - Precondition: `from <= to`.
  public init(from: Int64, to: Int64) {
    precondition(from <= to, "a time range must not end before it begins")
    self.from = from
    self.to = to
  }
}
