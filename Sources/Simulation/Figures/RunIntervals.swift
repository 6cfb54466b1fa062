import FleetSpec

/// The stretches of simulated time by which a run is counted: fine for short runs, never more than a few thousand.
public struct RunIntervals: Sendable, Equatable {
  public let start: Milliseconds
  /// Of an interval.
  public let length: Milliseconds
  /// How many there are, those of the drain included.
  public let count: Int

  private static let second: Milliseconds = 1_000
  private static let minute: Milliseconds = 60_000

  /// - Parameters:
  ///   - duration: how long devices measure.
  ///   - drain: how long they may go on sending.
  public init(start: Milliseconds, duration: Milliseconds, drain: Milliseconds) {
    self.start = start
    let fine = [1, 2, 5, 10, 15, 30].map { $0 * Self.second }.first { duration / $0 <= 360 }
    // A minute for up to two days, five for up to two weeks.
    let coarse = [1, 5, 15, 60].map { $0 * Self.minute }.first { duration / $0 <= 4_032 }
    length = fine ?? coarse ?? 24 * 60 * Self.minute
    count = Int((duration + drain) / length) + 1
  }

  /// The interval of an instant; what lies before the first or after the last belongs to that.
  @inline(__always)
  func index(of time: Milliseconds) -> Int { max(0, min(count - 1, Int((time - start) / length))) }

  func begin(of index: Int) -> Milliseconds { start + Milliseconds(index) * length }
}
