import FleetSpec

/// Finds the episode of a renewal process in which an instant lies, if any. Cheap as long as instants ascend; looks from the beginning
/// again when they do not, so that it never changes a result. Episodes that overlap or touch count as one.
struct EpisodeFinder: Sendable {
  private var process: OutageProcess
  private let first: OutageProcess
  private var latest = Milliseconds.min

  init(_ process: OutageProcess) {
    self.process = process
    first = process
  }

  /// The episode that begins last before or at an instant, whether or not it is over; nil before the first.
  private var previous: Outage?

  /// The episode that is under way.
  mutating func current(at time: Milliseconds) -> Outage? {
    guard let last = last(at: time), time < last.end else { return nil }
    return last
  }

  /// The episode that began last, whether or not it is over.
  mutating func last(at time: Milliseconds) -> Outage? {
    if time < latest {
      process = first
      previous = nil
    }
    latest = time
    while process.next.start <= time {
      let next = process.next
      if let known = previous, next.start <= known.end {
        previous?.end = max(known.end, next.end)
      } else {
        previous = next
      }
      process.advance()
    }
    return previous
  }
}
