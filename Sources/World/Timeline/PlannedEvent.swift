import FleetSpec

/// Why something happens.
public enum Cause: UInt8, Sendable, CaseIterable {
  /// The device alone.
  case device
  case site
  case carrier
  case flapping
  case schedule
  case night
  case brownOut
  case watchdog
  case rebootLoop
  case update
  /// One of the device's sensors.
  case sensor
  case clock
  case counter
  case grid
  /// Who runs the grid or the plant.
  case gridOperator
  case plant
  case payload
  case certificate

  /// The spelling in timelines.
  public var label: String {
    switch self {
    case .device: "device"
    case .site: "site"
    case .carrier: "carrier"
    case .flapping: "flapping"
    case .schedule: "schedule"
    case .night: "night"
    case .brownOut: "brown_out"
    case .watchdog: "watchdog"
    case .rebootLoop: "reboot_loop"
    case .update: "update"
    case .sensor: "sensor"
    case .clock: "clock"
    case .counter: "counter"
    case .grid: "grid"
    case .gridOperator: "grid_operator"
    case .plant: "plant"
    case .payload: "payload"
    case .certificate: "certificate"
    }
  }
}

/// A fault that the seed has planned for a device: from `start` up to but not including `end`, true time in ms since 1970.
public struct PlannedEvent: Sendable, Equatable {
  public var start: Milliseconds
  /// `.max` for what never ends; the instant after `start` for what happens in one reading.
  public var end: Milliseconds
  public var fault: Fault
  public var cause: Cause
  /// Index in the profile's sensors, or -1 when the whole device is concerned.
  public var sensor: Int32

  public init(start: Milliseconds, end: Milliseconds, fault: Fault, cause: Cause, sensor: Int32 = -1) {
    self.start = start
    self.end = end
    self.fault = fault
    self.cause = cause
    self.sensor = sensor
  }
}

extension World {
  /// All that is planned to go wrong with a device between two instants, in order of the start: everything that overlaps the span.
  /// - Parameters:
  ///   - device: index in `devices`.
  ///   - readings: whether also what shows in single readings alone (spikes, malformed payloads, resets of counters, saturation). To find
  ///     these, every reading from the start of the run on is measured.
  public func timeline(device: Int, from: Milliseconds, to: Milliseconds, readings: Bool = true) -> [PlannedEvent] {
    var timeline = Timeline(from: from, to: to)
    addPowerEvents(of: device, to: &timeline)
    addNetworkEvents(of: device, to: &timeline)
    addLinkEvents(of: device, to: &timeline)
    addClockEvents(of: device, to: &timeline)
    addRolloutEvents(of: device, to: &timeline)
    addSensorEvents(of: device, to: &timeline)
    addPlantEvents(of: device, to: &timeline)
    if readings { addReadingEvents(of: device, to: &timeline) }
    return timeline.sorted()
  }
}

/// Gathers what overlaps a span.
struct Timeline {
  let from: Milliseconds
  let to: Milliseconds
  private var events: [PlannedEvent] = []

  init(from: Milliseconds, to: Milliseconds) {
    self.from = from
    self.to = to
  }

  mutating func add(_ event: PlannedEvent) {
    if event.start < to && event.end > from { events.append(event) }
  }

  func sorted() -> [PlannedEvent] {
    events.sorted { ($0.start, $0.fault.rawValue, $0.sensor, $0.end) < ($1.start, $1.fault.rawValue, $1.sensor, $1.end) }
  }
}
