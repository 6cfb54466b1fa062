import FleetSpec

/// An interruption: from `start` up to but not including `end`, true time in ms since 1970.
public struct Outage: Sendable, Equatable {
  public var start: Milliseconds
  public var end: Milliseconds

  public init(start: Milliseconds, end: Milliseconds) {
    self.start = start
    self.end = end
  }

  /// What follows the last outage.
  public static let never = Outage(start: .max, end: .max)
}

/// The interruptions of one device by two causes, its own and its site's, in ascending order and without overlap.
///
/// Outages that overlap or touch appear as one. Endless; after the last possible one `current` is `Outage.never`.
public struct OutageSchedule: Sendable {
  public private(set) var current: Outage
  private var own: OutageProcess
  private var shared: OutageProcess

  init(_ own: OutageProcess, _ shared: OutageProcess) {
    self.own = own
    self.shared = shared
    current = .never
    advance()
  }

  /// Moves on to the next interruption.
  public mutating func advance() {
    var merged = own.next.start <= shared.next.start ? own.next : shared.next
    while merged.start < .max {
      if own.next.start <= merged.end {
        merged.end = max(merged.end, own.next.end)
        own.advance()
      } else if shared.next.start <= merged.end {
        merged.end = max(merged.end, shared.next.end)
        shared.advance()
      } else {
        break
      }
    }
    current = merged
  }
}
