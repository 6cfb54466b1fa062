/// Checks of `pipeline` and `transport` that look at more than one value.
struct PipelineChecker {
  private(set) var errors: [SpecificationError] = []

  mutating func check(_ fleet: ObjectValue) {
    if let pipeline = fleet["pipeline"]?.object {
      checkDeduplication(pipeline)
      if let store = pipeline["store"]?.object { checkStore(store) }
    }
    if let mqtt = fleet["transport"]?.object?["mqtt"]?.object { checkTransport(mqtt) }
  }

  private mutating func report(_ place: Place, _ problem: String, expected: String? = nil, suggestion: String? = nil) {
    errors.append(SpecificationError(place, problem, expected: expected, suggestion: suggestion))
  }

  private mutating func checkDeduplication(_ pipeline: ObjectValue) {
    var seen: [String] = []
    for key in pipeline["dedup"]?.object?["keys"]?.list ?? [] {
      guard let text = key.text else { continue }
      if seen.contains(text) { report(key.place, "'keys' names '\(text)' twice", suggestion: "keep one of them") }
      seen.append(text)
    }
  }

  private mutating func checkStore(_ store: ObjectValue) {
    guard let timestamp = store["timestamp"]?.text, let identity = store["identity"], let columns = identity.list else { return }
    let names = columns.compactMap(\.text)
    guard names.count == columns.count else { return }
    let expected = "[SENSOR_COLUMN, \(timestamp)]: the column that holds <device>.<sensor>, and the timestamp's"
    let others = names.filter { $0 != timestamp }
    if others.count == names.count {
      report(identity.place, "'identity' lacks the timestamp column '\(timestamp)'", expected: expected)
      return
    }
    guard names.count == 2, others.count == 1, let sensorColumn = others.first else {
      let problem = others.isEmpty ? "lacks the column of the sensor" : "names \(names.count) columns"
      report(identity.place, "'identity' \(problem)", expected: expected)
      return
    }
    guard let values = store["values"], let valueColumns = values.map else { return }
    guard let value = valueColumns.first else {
      report(values.place, "'values' names no column", expected: "{value: COLUMN}")
      return
    }
    checkColumns(store, sensorColumn: sensorColumn, timestamp: timestamp, value: value)
  }

  private mutating func checkColumns(_ store: ObjectValue, sensorColumn: String, timestamp: String, value: Value.Entry) {
    var taken = [(column: timestamp, use: "timestamp"), (column: sensorColumn, use: "identity")]
    var candidates: [(use: String, value: Value)] = [("values.value", value.value)]
    for attribute in store["attributes"]?.map ?? [] { candidates.append(("attributes.\(attribute.key)", attribute.value)) }
    if let ingested = store["ingested_at"] { candidates.append(("ingested_at", ingested)) }
    for candidate in candidates {
      guard let column = candidate.value.text else { continue }
      if let first = taken.first(where: { $0.column == column }) {
        report(
          candidate.value.place, "the column '\(column)' is used for '\(candidate.use)' and for '\(first.use)'",
          expected: "a column of its own for each")
      }
      taken.append((column, candidate.use))
    }
  }

  private mutating func checkTransport(_ mqtt: ObjectValue) {
    guard let url = mqtt["url"]?.text, let broker = try? BrokerURL(url), !broker.usesTLS else { return }
    for key in ["authority", "device_certificates", "server_name"] {
      guard let value = mqtt[key] else { continue }
      report(
        value.place, "'\(key)' stands next to a URL without TLS", expected: "it only with mqtts://",
        suggestion: "write 'mqtts://' in 'url' or remove it")
      return
    }
  }
}
