import FleetSpec

/// An interruption: from `start` up to but not including `end`, true time in ms since 1970.
public struct Outage: Sendable, Equatable {
  public var start: Milliseconds
  public var end: Milliseconds
  public var cause: Cause

  public init(start: Milliseconds, end: Milliseconds, cause: Cause = .device) {
    self.start = start
    self.end = end
    self.cause = cause
  }

  /// What follows the last outage.
  public static let never = Outage(start: .max, end: .max)
}

/// One cause of interruptions.
enum OutageSource: Sendable {
  case process(OutageProcess)
  case flapping(FlappingProcess)
  case night(NightProcess)
  case updates(UpdateOutages)

  var next: Outage {
    switch self {
    case .process(let process): process.next
    case .flapping(let process): process.next
    case .night(let process): process.next
    case .updates(let process): process.next
    }
  }

  mutating func advance() {
    switch self {
    case .process(var process):
      process.advance()
      self = .process(process)
    case .flapping(var process):
      process.advance()
      self = .flapping(process)
    case .night(var process):
      process.advance()
      self = .night(process)
    case .updates(var process):
      process.advance()
      self = .updates(process)
    }
  }
}

/// The interruptions of one device by all their causes, in ascending order and without overlap.
///
/// Outages that overlap or touch appear as one, with the cause of the first. Endless; after the last possible one `current` is `Outage.never`.
public struct OutageSchedule: Sendable {
  public private(set) var current: Outage
  private var sources: [OutageSource]

  init(_ sources: [OutageSource]) {
    self.sources = sources
    current = .never
    advance()
  }

  /// Moves on to the next interruption.
  public mutating func advance() {
    var merged = Outage.never
    for source in sources where source.next.start < merged.start { merged = source.next }
    var hasGrown = merged.start < .max
    while hasGrown {
      hasGrown = false
      for index in sources.indices where sources[index].next.start <= merged.end && sources[index].next.start < .max {
        merged.end = max(merged.end, sources[index].next.end)
        sources[index].advance()
        hasGrown = true
      }
    }
    current = merged
  }
}
