/// Checks of `pipeline.store` that look at more than one value.
struct StoreChecker {
  private(set) var errors: [SpecificationError] = []
  private let profiles: [ProfileFinder.Found]
  private let isWhole: Bool

  /// - Parameter isWhole: whether no key was refused before: otherwise what is missing has been reported as something else.
  init(profiles: [ProfileFinder.Found], isWhole: Bool) {
    self.profiles = profiles
    self.isWhole = isWhole
  }

  /// Gives `attributes` the default that fits where rows are of several sensors, or of nobody in particular.
  static func complete(_ fleet: inout ObjectValue) {
    guard var pipeline = fleet["pipeline"]?.object, var store = pipeline["store"]?.object, let attributes = store["attributes"],
      attributes.place == store.place, isWide(store) || store["identity"]?.keyword != nil
    else { return }
    store["attributes"] = Value(content: .map([]), place: attributes.place)
    pipeline["store"] = Value(content: .object(store), place: store.place)
    fleet["pipeline"] = Value(content: .object(pipeline), place: pipeline.place)
  }

  /// Whether `values` gives sensors columns of their own.
  static func isWide(_ store: ObjectValue) -> Bool { store["values"]?.map?.contains { $0.key != "value" } ?? false }

  mutating func check(_ store: ObjectValue) {
    guard let timestamp = store["timestamp"]?.text, let identity = store["identity"], let values = store["values"], let columns = values.map
    else { return }
    guard !columns.isEmpty else {
      report(values.place, "'values' names no column", expected: "{value: COLUMN}")
      return
    }
    let before = errors.count
    let isWide = Self.isWide(store)
    if let list = identity.list {
      checkList(list, identity.place, timestamp, isWide)
    } else if let object = identity.object {
      checkIdentity(object, isWide)
    } else if identity.keyword != nil {
      checkNone(identity.place, store, isWide)
    }
    if isWide { checkWide(columns, values.place, store) }
    if let tolerance = store["tolerance"]?.object { checkTolerance(tolerance) }
    if errors.count == before { checkColumns(store, timestamp) }
  }

  private mutating func report(_ place: Place, _ problem: String, expected: String? = nil, suggestion: String? = nil) {
    errors.append(SpecificationError(place, problem, expected: expected, suggestion: suggestion))
  }

  private mutating func checkList(_ columns: [Value], _ place: Place, _ timestamp: String, _ isWide: Bool) {
    let names = columns.compactMap(\.text)
    guard names.count == columns.count else { return }
    let expected =
      isWide
      ? "[DEVICE_COLUMN, \(timestamp)]: the column that holds the device's id, and the timestamp's"
      : "[SENSOR_COLUMN, \(timestamp)]: the column that holds <device>.<sensor>, and the timestamp's"
    let others = names.filter { $0 != timestamp }
    if others.count == names.count {
      report(place, "'identity' lacks the timestamp column '\(timestamp)'", expected: expected)
    } else if names.count != 2 || others.count != 1 {
      let problem = others.isEmpty ? "lacks the column of the \(isWide ? "device" : "sensor")" : "names \(names.count) columns"
      report(
        place, "'identity' \(problem)", expected: expected,
        suggestion: others.isEmpty ? nil : "for other columns write a mapping such as {device: device_id, seq: seq}")
    }
  }

  private mutating func checkIdentity(_ identity: ObjectValue, _ isWide: Bool) {
    func has(_ key: String) -> Bool { identity[key] != nil }
    let keys = identity.entries.map(\.key)
    guard isWhole else { return }
    if keys.isEmpty {
      report(
        identity.place, "'identity' names no column", expected: "at least one", suggestion: "write 'none' when nothing identifies a row")
    } else if isWide {
      if keys != ["device"] {
        report(
          identity.place, "'identity' of a wide table names \(keys.joined(separator: ", "))", expected: "{device: COLUMN} only",
          suggestion: "a row of several sensors cannot bear the number or id of one of them")
      }
    } else if has("sensor") && (has("sensor_name") || has("device")) {
      report(identity.place, "'identity' tells the sensor twice", expected: "either 'sensor', or 'device' with 'sensor_name'")
    } else if has("sensor_name") && !has("device") {
      report(
        identity.place, "'identity' has 'sensor_name' without 'device'", expected: "both, or 'sensor' for a column with <device>.<sensor>")
    } else if has("seq") && has("event_id") {
      report(
        identity.place, "'identity' has both 'seq' and 'event_id'", expected: "one of them", suggestion: "keep 'event_id': it says more")
    } else if has("seq") && !has("device") && !has("sensor") {
      report(identity.place, "'identity' has 'seq' without 'device'", expected: "both: every device counts for itself")
    } else if keys == ["device"] {
      report(
        identity.place, "'identity' tells the device but not its sensor", expected: "'sensor_name', 'seq' or 'event_id' besides",
        suggestion: "in a wide table, 'values' names a column for each sensor")
    }
  }

  private mutating func checkNone(_ place: Place, _ store: ObjectValue, _ isWide: Bool) {
    if isWide {
      report(place, "'identity' is 'none' in a wide table", expected: "{device: COLUMN}")
    } else if let attributes = store["attributes"], attributes.place != store.place, attributes.map?.isEmpty == false {
      report(
        attributes.place, "'attributes' stands next to 'identity: none'", expected: "{}: what belongs to nobody cannot be compared",
        suggestion: "use 'filter' to choose rows")
    }
  }

  private mutating func checkTolerance(_ tolerance: ObjectValue) {
    guard isWhole, tolerance.entries.count != 1 else { return }
    report(
      tolerance.place,
      "'tolerance' has \(tolerance.entries.isEmpty ? "neither 'absolute' nor 'relative'" : "both 'absolute' and 'relative'")",
      expected: "one of them", suggestion: "write {absolute: 0.01}")
  }

  private mutating func checkWide(_ columns: [Value.Entry], _ place: Place, _ store: ObjectValue) {
    let layout = WideLayout(columns.compactMap { entry in entry.value.text.map { (entry.key, $0) } }, profiles.map { SensorList($0) })
    for entry in columns where !layout.isKnown(entry.key) {
      let problem =
        entry.key == "value" ? "'values' has 'value' next to columns of single sensors" : "unknown sensor '\(entry.key)' in 'values'"
      report(
        entry.keyPlace, problem, expected: "names of sensors such as \(layout.examples), or types such as TEMPERATURE",
        suggestion: Suggestion.didYouMean(entry.key, among: layout.allNames))
    }
    guard errors.isEmpty else { return }
    for problem in layout.problems { report(place, problem.text, expected: problem.expected) }
    for attribute in store["attributes"]?.map ?? [] where !["site_id", "device_id"].contains(attribute.key) {
      report(
        attribute.keyPlace, "'attributes.\(attribute.key)' of a wide table", expected: "only site_id and device_id",
        suggestion: "a row of several sensors has no \(attribute.key) of its own: remove it")
    }
  }

  private mutating func checkColumns(_ store: ObjectValue, _ timestamp: String) {
    var taken = [(column: timestamp, use: "timestamp")]
    if let list = store["identity"]?.list?.compactMap(\.text) {
      taken += list.filter { $0 != timestamp }.map { ($0, "identity") }
    }
    let isWide = Self.isWide(store)
    var candidates: [(use: String, value: Value)] = []
    for entry in store["identity"]?.object?.entries ?? [] { candidates.append(("identity.\(entry.key)", entry.value)) }
    for entry in store["values"]?.map ?? [] { candidates.append(("values.\(entry.key)", entry.value)) }
    for attribute in store["attributes"]?.map ?? [] { candidates.append(("attributes.\(attribute.key)", attribute.value)) }
    if let ingested = store["ingested_at"] { candidates.append(("ingested_at", ingested)) }
    for candidate in candidates {
      guard let column = candidate.value.text else { continue }
      // A device's id may be compared where it identifies; sensors of different profiles may share a column.
      let first = taken.first {
        $0.column == column && !(isWide && $0.use.hasPrefix("values.") && candidate.use.hasPrefix("values."))
          && !(candidate.use == "attributes.device_id" && ["identity", "identity.device"].contains($0.use))
      }
      if let first {
        report(
          candidate.value.place, "the column '\(column)' is used for '\(candidate.use)' and for '\(first.use)'",
          expected: "a column of its own for each")
      }
      taken.append((column, candidate.use))
    }
  }
}

/// What `values` of a wide table needs to know of a profile.
struct SensorList {
  let profile: String
  let sensors: [(name: String, type: String)]

  init(_ profile: FirmwareProfile) {
    self.profile = profile.name
    sensors = profile.sensors.map { ($0.name, $0.type.rawValue) }
  }

  init(_ found: ProfileFinder.Found) {
    profile = found.name
    sensors = (found.value["sensors"]?.list ?? []).compactMap(\.object).compactMap { sensor in
      guard let name = sensor["name"]?.text else { return nil }
      let standard = sensor["measures"]?.text.flatMap(Quantity.init(rawValue:))?.standardType.rawValue
      return (name, sensor["type"]?.text ?? standard ?? "")
    }
  }
}

/// Which sensor of which profile stands in which column of a wide table.
struct WideLayout {
  private let entries: [(key: String, column: String)]
  private let profiles: [SensorList]

  init(_ entries: [(key: String, column: String)], _ profiles: [SensorList]) {
    self.entries = entries
    self.profiles = profiles
  }

  var allNames: [String] {
    var names: [String] = []
    for sensor in profiles.flatMap(\.sensors) where !names.contains(sensor.name) { names.append(sensor.name) }
    return names
  }

  var examples: String { allNames.prefix(3).joined(separator: ", ") }

  func isKnown(_ key: String) -> Bool { allNames.contains(key) || (SensorType(rawValue: key) != nil && key != "value") }

  /// A sensor's own name comes before its type.
  private func column(of sensor: (name: String, type: String)) -> String? {
    entries.first { $0.key == sensor.name }?.column ?? entries.first { $0.key == sensor.type && !allNames.contains($0.key) }?.column
  }

  /// The columns in file order, each with the names of its sensors.
  var columns: [(column: String, sensors: [String])] {
    var result: [(column: String, sensors: [String])] = []
    for entry in entries where !result.contains(where: { $0.column == entry.column }) { result.append((entry.column, [])) }
    for sensor in profiles.flatMap(\.sensors) {
      guard let column = column(of: sensor), let index = result.firstIndex(where: { $0.column == column }) else { continue }
      if !result[index].sensors.contains(sensor.name) { result[index].sensors.append(sensor.name) }
    }
    return result.filter { !$0.sensors.isEmpty }
  }

  var problems: [(text: String, expected: String)] {
    var result: [(text: String, expected: String)] = []
    for profile in profiles {
      var taken: [String: String] = [:]
      for sensor in profile.sensors {
        guard let column = column(of: sensor) else {
          result.append(
            ("'values' has no column for the sensor '\(sensor.name)' of '\(profile.profile)'", "a column for every sensor of a wide table"))
          continue
        }
        if let other = taken[column] {
          result.append(
            (
              "the column '\(column)' would hold both '\(other)' and '\(sensor.name)' of '\(profile.profile)'",
              "a column of its own for each sensor of a device"
            ))
        }
        taken[column] = sensor.name
      }
    }
    return result
  }
}
