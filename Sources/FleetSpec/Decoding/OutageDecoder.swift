/// Makes the model of whatever comes and goes from values without errors.
enum OutageDecoder {
  /// `none` and a missing value make no outages.
  static func outages(_ value: Value?) -> Outages {
    guard let object = value?.object else { return .none }
    var outages = Outages(
      every: object["every"]?.duration ?? 0, length: object.required("length", \.duration), spread: object.required("spread", \.number))
    outages.spacing = object.required("spacing", distribution)
    outages.spacingShape = object.required("spacing_shape", \.number)
    outages.lengths = object.required("lengths", distribution)
    outages.lengthShape = object.required("length_shape", \.number)
    outages.schedule = object.required("schedule", \.list).compactMap(\.object).compactMap(scheduled)
    return outages
  }

  private static func scheduled(_ item: ObjectValue) -> ScheduledOutage? {
    let length = item.required("for", \.duration)
    if let elapsed = item["after"]?.duration { return ScheduledOutage(beginning: .after(elapsed), length: length) }
    if let instant = item["at"]?.instant { return ScheduledOutage(beginning: .at(instant), length: length) }
    return nil
  }

  static func flapping(_ value: Value?) -> Flapping? {
    guard let object = value?.object else { return nil }
    return Flapping(episodes: outages(value), up: object.required("up", \.duration), down: object.required("down", \.duration))
  }

  static func carriers(_ entries: [Value.Entry]) -> [Carrier] {
    entries.map { Carrier(name: $0.key, networkOutages: outages($0.value.object?["network_outages"])) }
  }

  private static func distribution(_ value: Value) -> Outages.Distribution? { value.text.flatMap(Outages.Distribution.init(rawValue:)) }
}
