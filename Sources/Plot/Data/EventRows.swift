import Drawing
import FleetSpec
import World

/// Planned faults as rows of a strip: one for each fault and cause.
enum EventRows {
  /// - Parameter events: in order of their start.
  static func rows(_ events: [(device: Int, event: PlannedEvent)], in world: World, time: TimeScale) -> [StripPanel.Row] {
    var keys: [(fault: Fault, cause: Cause)] = []
    var spans: [[StripPanel.Span]] = []
    var fills: [String] = []
    for (device, event) in events {
      let span = span(event, world.devices[device], world.profile(of: device), time)
      if let index = keys.firstIndex(where: { $0.fault == event.fault && $0.cause == event.cause }) {
        spans[index].append(span)
      } else {
        keys.append((event.fault, event.cause))
        spans.append([span])
        fills.append(fill(event))
      }
    }
    let order = keys.indices.sorted {
      (keys[$0].fault.rawValue, keys[$0].cause.rawValue) < (keys[$1].fault.rawValue, keys[$1].cause.rawValue)
    }
    return order.map { row(keys[$0].fault, keys[$0].cause, count: spans[$0].count, spans[$0], fill: fills[$0]) }
  }

  /// - Parameter fill: of `Style`; nil for the fault's own.
  static func row(_ fault: Fault, _ cause: Cause, count: Int, _ spans: [StripPanel.Span], fill: String? = nil) -> StripPanel.Row {
    StripPanel.Row(
      name: "\(words(fault.label)): \(words(cause.label))", note: "\(Numbers.count(count)) ×",
      fill: fill ?? self.fill(PlannedEvent(start: 0, end: 0, fault: fault, cause: cause)), spans: spans)
  }

  private static func span(_ event: PlannedEvent, _ device: DeviceIdentity, _ profile: FirmwareProfile, _ time: TimeScale)
    -> StripPanel.Span
  {
    let (start, end) = (max(event.start, time.from), min(event.end, time.to))
    let sensor = profile.sensors.indices.contains(Int(event.sensor)) ? ".\(profile.sensors[Int(event.sensor)].name)" : ""
    let length =
      event.end == .max ? "for good" : event.end - event.start <= 1 ? "once" : "for \(Units.format(milliseconds: event.end - event.start))"
    return StripPanel.Span(
      start: start, end: end,
      tooltip: "\(device.id)\(sensor): \(event.fault.label), cause \(event.cause.label), from \(time.stamp(event.start)) \(length)")
  }

  private static func words(_ label: String) -> String { String(label.map { $0 == "_" ? " " : $0 }) }

  /// A fill of `Style`.
  static func fill(_ event: PlannedEvent) -> String {
    if let kind = OutageKind(event) { return kind.fill }
    switch event.fault {
    case .clockUnset, .clockFarFuture, .clockStepped, .wrongTimeZone: return "clock"
    case .rolledOver, .midnightReset, .resetAtBoot, .zeroAfterBoot: return "counter"
    case .curtailed, .gridDisturbed, .tripped, .trackerStalled, .fuseBlown, .shaded: return "plant"
    case .malformed: return "data"
    case .updated, .updateFailed: return "firmware"
    default: return "sensor"
    }
  }
}
