import FleetSpec

/// What the store itself keeps unique, against what the contract says.
extension StoreInspector {
  private var subject: String { "store.table: \(store.table)" }

  func uniquenessFindings(_ table: TableDescription) -> [StoreFinding] {
    guard let pipeline = fleet?.pipeline else {
      return table.uniqueKeys.map { key in
        advice(
          subject, found: "the store itself keeps (\(key.joined(separator: ", "))) unique",
          expected: "a pipeline.dedup that says the same, since repeats cannot show in this table",
          fix: "set pipeline.dedup.keys to match, window: forever")
      }
    }
    if table.uniqueKeys.isEmpty { return withoutKeys(pipeline) }
    return table.uniqueKeys.flatMap { compare($0, pipeline) }
  }

  private func withoutKeys(_ pipeline: Pipeline) -> [StoreFinding] {
    guard connection.dialect == .questDB, let deduplication = pipeline.deduplication, deduplication.window == nil else { return [] }
    return [
      advice(
        subject, found: "no DEDUP UPSERT KEYS, while the contract removes repeats for ever", expected: "a table or a pipeline that does",
        fix:
          "ALTER TABLE \(connection.dialect.table(store.table)) DEDUP ENABLE UPSERT KEYS(\(wantedKeys.map(connection.dialect.identifier).joined(separator: ", "))), "
          + "unless the pipeline itself remembers every key")
    ]
  }

  /// The columns by which this mapping tells readings apart.
  private var wantedKeys: [String] {
    let identity = store.identity
    let columns = [identity.sensor, identity.device, identity.sensorName, identity.sequence, identity.eventID].compactMap { $0?.column }
    return [store.timestampColumn] + columns
  }

  private func same(_ left: String, _ right: String) -> Bool {
    connection.dialect == .questDB ? left.lowercased() == right.lowercased() : left == right
  }

  private func compare(_ key: [String], _ pipeline: Pipeline) -> [StoreFinding] {
    let text = "(\(key.joined(separator: ", ")))"
    func has(_ reference: ColumnReference?) -> Bool { reference.map { wanted in key.contains { same($0, wanted.column) } } ?? false }
    let identity = store.identity
    let tellsReading = has(identity.sequence) || has(identity.eventID)
    // A key of its own, such as a serial number, removes nothing.
    let isOurs = tellsReading || has(identity.sensor) || has(identity.device) || key.contains { same($0, store.timestampColumn) }
    guard isOurs else { return [] }
    let tellsSensor = has(identity.sensor) || (has(identity.device) && (has(identity.sensorName) || store.isWide))
    var findings: [StoreFinding] = []
    if !tellsReading && !tellsSensor {
      findings.append(
        advice(
          subject, found: "the store keeps \(text) unique, which does not tell sensors apart",
          expected: "a key with \(wantedKeys.joined(separator: ", "))",
          fix: "readings of several sensors at one instant overwrite each other, and are called collided or lost: widen the key"))
    }
    findings += compareContract(text, tellsReading: tellsReading, pipeline)
    if let other = key.first(where: { column in !wantedKeys.contains { same($0, column) } }) {
      findings.append(
        advice(
          subject, found: "the store keeps \(text) unique; \(other) is no part of a reading's identity",
          expected: "only what is the same in a repeat", fix: "a repeat with another \(other) is stored twice: leave it out of the key"))
    }
    return findings
  }

  private func compareContract(_ text: String, tellsReading: Bool, _ pipeline: Pipeline) -> [StoreFinding] {
    let wins = connection.dialect == .questDB ? "; the last one wins, and columns that it leaves out become NULL" : ""
    guard let deduplication = pipeline.deduplication else {
      return [
        advice(
          subject, found: "the store keeps \(text) unique, while the contract says dedup: none\(wins)",
          expected: "a contract that says the same: repeats cannot show in this table",
          fix: "set pipeline.dedup: {keys: [sensor_id, timestamp]}")
      ]
    }
    if deduplication.window != nil {
      return [
        advice(
          subject, found: "the store keeps \(text) unique for ever, while the contract remembers keys for a while only\(wins)",
          expected: "the same on both sides", fix: "set pipeline.dedup.window: forever")
      ]
    }
    let byEventID = deduplication.keys.contains("event_id")
    guard byEventID != tellsReading else { return [] }
    return [
      advice(
        subject,
        found: "the store keeps \(text) unique, while the contract's key is (\(deduplication.keys.joined(separator: ", ")))\(wins)",
        expected: "the same on both sides",
        fix: byEventID
          ? "set pipeline.dedup.keys: [sensor_id, timestamp], or put the id into the table's key"
          : "set pipeline.dedup.keys: [event_id], or leave the id out of the table's key")
    ]
  }
}
