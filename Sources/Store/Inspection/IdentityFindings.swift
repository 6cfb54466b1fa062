import FleetSpec

/// What a row says of the reading that it is.
extension StoreInspector {
  func identityFindings(_ table: TableDescription) -> [StoreFinding] {
    let identity = store.identity
    if identity.isNone { return [anonymous(table)] }
    var findings: [StoreFinding] = []
    if identity.sequence != nil, let profile = fleet?.profiles.first(where: \.resetsSequence) {
      findings.append(
        advice(
          "store.identity.seq", found: "a number that the firmware of \(profile.name) begins anew at every boot",
          expected: "a number that is unique for each device", fix: "map event_id, which bears the boot as well, if the table has it"))
    }
    if !store.tellsSensor {
      findings.append(
        advice(
          "store.identity",
          found: "no column that tells the sensor: it is looked up by the reading's \(identity.eventID == nil ? "seq" : "event_id")",
          expected: "a column with the sensor, by which the store can sum up its rows",
          fix: "none is needed; reconciliation fetches every row of the run's time instead of sums"))
    }
    return findings
  }

  private func anonymous(_ table: TableDescription) -> StoreFinding {
    let candidates = ["sensor_id", "event_id", "device_id", "asset_id", "sensor", "device", "seq", "metric"]
    let column: String? = candidates.lazy.compactMap { self.column($0, in: table)?.name }.first
    return advice(
      "store.identity: none", found: "a table in which nothing says whose a row is",
      expected: "a sensor, a number or an event id in every row",
      fix: column.map { "the table has a column \($0): map it under store.identity if it tells" }
        ?? "store the event_id; until then only counts and sets of values are judged, stretch of time by stretch of time")
  }

  /// Looks at rows: whether the filter finds any, and whether the fields inside of JSON are there.
  func contentFindings(_ table: TableDescription) throws -> [StoreFinding] {
    let mapping: TableMapping
    do {
      mapping = try TableMapping(store, dialect: connection.dialect, columns: table.columns)
    } catch {
      return [
        StoreFinding(
          severity: .problem, subject: "store.filter", found: "\(error)", expected: "values of the columns' types",
          fix: "write a value that the column can hold")
      ]
    }
    guard try hasRow("select 1 as one from \(mapping.table) limit 1") else { return [] }
    var findings: [StoreFinding] = []
    if let filter = mapping.filter, try !hasRow("select 1 as one from \(mapping.table) where \(filter) limit 1") {
      findings.append(
        advice(
          "store.filter", found: "no row that meets it in a table that has rows", expected: "rows of the run, or none before the first run",
          fix: "check names and values: they are compared as they are written, upper and lower case apart"))
    }
    for (setting, reference) in fields { findings += try field(setting, reference, mapping) }
    return findings
  }

  private var fields: [(String, ColumnReference)] {
    let identity = store.identity
    let all: [(String, ColumnReference?)] =
      [
        ("store.identity", identity.sensor), ("store.identity.device", identity.device),
        ("store.identity.sensor_name", identity.sensorName),
        ("store.identity.seq", identity.sequence), ("store.identity.event_id", identity.eventID),
      ] + store.values.map { ("store.values", $0.column) }
      + store.attributes.map { ("store.attributes.\($0.field.rawValue)", $0.reference) }
    return all.compactMap { setting, reference in reference.flatMap { $0.path.isEmpty ? nil : (setting, $0) } }
  }

  private func hasRow(_ sql: String) throws -> Bool { try !connection.query(sql).isEmpty }

  /// Looks for a field in some rows that the filter lets through.
  private func field(_ setting: String, _ reference: ColumnReference, _ mapping: TableMapping) throws -> [StoreFinding] {
    let column = mapping.dialect.identifier(reference.column)
    let conditions = TableMapping.all([mapping.filter, "\(column) is not null"])
    let rows = "(select * from \(mapping.table) where \(conditions) limit 1000) as sample"
    let field = mapping.columns.text(reference)
    let subject = "\(setting): \(reference.text)"
    do {
      guard try hasRow("select 1 as one from \(rows) limit 1") else { return [] }
      guard try !hasRow("select 1 as one from \(rows) where \(field) is not null limit 1") else { return [] }
    } catch let error as StoreError {
      guard case .rejected(_, _, let message) = error else { throw error }
      return [
        StoreFinding(
          severity: .problem, subject: subject, found: "a row whose \(reference.column) is no JSON (\(message))",
          expected: "JSON in every row that is looked at", fix: "leave such rows out with store.filter")
      ]
    }
    return [
      advice(
        subject, found: "no such field in any of the rows looked at", expected: "a field that every row of the run has",
        fix: "check the path: keys are compared as they are written")
    ]
  }
}
