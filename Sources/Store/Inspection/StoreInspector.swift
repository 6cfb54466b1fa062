import FleetSpec

/// Something that `doctor` has to say about a store.
public struct StoreFinding: Sendable, Equatable, CustomStringConvertible {
  public enum Severity: Sendable, Equatable {
    /// Reconciliation cannot work.
    case problem
    /// Worth knowing; reconciliation works.
    case advice
  }
  public let severity: Severity
  /// The table or the setting that is concerned, such as `store.timestamp: ts`.
  public let subject: String
  public let found: String
  public let expected: String
  public let fix: String

  public var description: String { "\(subject): found \(found); expected \(expected); fix: \(fix)" }
}

/// What an inspection found out.
public struct StoreInspection: Sendable, Equatable {
  /// Nil when there is no such table.
  public let table: TableDescription?
  public let findings: [StoreFinding]

  /// True when nothing stands in the way of reconciliation.
  public var isUsable: Bool { !findings.contains { $0.severity == .problem } }
}

/// Compares a fleet file's mapping with the table that is really there. Changes nothing.
public struct StoreInspector {
  let connection: StoreConnection
  let store: StoreMapping
  /// What the fleet sends and the contract promises; nil when the mapping is looked at by itself.
  let fleet: Fleet?

  public init(_ connection: StoreConnection, _ store: StoreMapping, fleet: Fleet? = nil) {
    self.connection = connection
    self.store = store
    self.fleet = fleet
  }

  /// - Throws: `StoreError` when the catalogue itself cannot be read.
  public func inspect() throws -> StoreInspection {
    let catalogue = ColumnCatalogue(connection: connection)
    guard let table = try catalogue.describe(store.table) else {
      return StoreInspection(table: nil, findings: [missingTable(try catalogue.tableNames())])
    }
    var findings = required.compactMap { check($0, in: table) } + accessFindings(table)
    // What follows asks the table, or assumes that its columns are there.
    if !findings.contains(where: { $0.severity == .problem }) {
      findings += precisionFindings(table) + identityFindings(table)
      findings += try contentFindings(table)
    }
    findings += visibilityFindings(table) + uniquenessFindings(table)
    return StoreInspection(table: table, findings: findings)
  }

  private struct Requirement {
    let setting: String
    let reference: ColumnReference
    let kinds: [ColumnKind]
    let expected: String
    let typeFix: String
  }

  private var required: [Requirement] {
    let isTimestamp = store.timestampUnit == .timestamp
    let time = Requirement(
      setting: "store.timestamp", reference: ColumnReference(store.timestampColumn), kinds: isTimestamp ? [.timestamp] : [.wholeNumber],
      expected: isTimestamp ? "a timestamp column" : "a whole number of \(store.timestampUnit.rawValue) since 1970",
      typeFix: isTimestamp
        ? "set store.timestamp_unit to s, ms, us or ns if the column counts from 1970, or name another column"
        : "set store.timestamp_unit to timestamp if the column is one, or name another column")
    let values = store.values.map {
      Requirement(
        setting: $0.sensors.isEmpty ? "store.values" : "store.values.\($0.sensors.joined(separator: "/"))", reference: $0.column,
        kinds: [.number, .single, .wholeNumber], expected: "a numeric column", typeFix: "name the column that holds the measured value")
    }
    let attributes = store.attributes.map {
      Requirement(
        setting: "store.attributes.\($0.field.rawValue)", reference: $0.reference, kinds: [.text, .uuid], expected: "a text column",
        typeFix: "name a text column, or leave the attribute out of the mapping")
    }
    let arrival = store.ingestedAtColumn.map {
      Requirement(
        setting: "store.ingested_at", reference: ColumnReference($0), kinds: [.timestamp], expected: "a timestamp column",
        typeFix: "name the timestamp column of arrival, or leave ingested_at out of the mapping")
    }
    let filters = store.filter.map {
      Requirement(
        setting: "store.filter", reference: $0.column, kinds: [.text, .uuid, .wholeNumber, .number, .boolean],
        expected: "a column of texts, whole numbers or truth values", typeFix: "choose rows by another column")
    }
    return [time] + identityRequirements + values + attributes + (arrival.map { [$0] } ?? []) + filters
  }

  private var identityRequirements: [Requirement] {
    let identity = store.identity
    func text(_ setting: String, _ reference: ColumnReference?, _ expected: String, _ fix: String) -> Requirement? {
      reference.map {
        Requirement(setting: setting, reference: $0, kinds: [.text, .uuid], expected: expected, typeFix: fix)
      }
    }
    return [
      text(
        "store.identity", identity.sensor, "a text column with <device>.<sensor>",
        "name the column that holds the sensor's identity as a text"),
      text("store.identity.device", identity.device, "a text column with the device's id", "name the column that holds it as a text"),
      text("store.identity.sensor_name", identity.sensorName, "a text column with the sensor's name", "name the column that holds it"),
      text(
        "store.identity.event_id", identity.eventID, "a text column with <device>:<boot>:<number>",
        "name the column that holds the payload's event_id as a text"),
      identity.sequence.map {
        Requirement(
          setting: "store.identity.seq", reference: $0, kinds: [.wholeNumber], expected: "a whole number",
          typeFix: "name the column that holds the payload's seq as a whole number")
      },
    ].compactMap { $0 }
  }

  func column(_ name: String, in table: TableDescription) -> ColumnDescription? {
    // QuestDB's column names ignore case.
    table.columns.first {
      $0.name == name || connection.dialect == .questDB && $0.name.lowercased() == name.lowercased()
    }
  }

  private func check(_ requirement: Requirement, in table: TableDescription) -> StoreFinding? {
    let reference = requirement.reference
    let subject = "\(requirement.setting): \(reference.text)"
    guard let found = column(reference.column, in: table) else {
      let names = table.columns.map(\.name)
      let suggestion = Spelling.closest(to: reference.column, among: names)
      return StoreFinding(
        severity: .problem, subject: subject, found: "no such column in \(store.table) (\(names.joined(separator: ", ")))",
        expected: requirement.expected, fix: suggestion.map { "did you mean \($0)?" } ?? "name one of the table's columns")
    }
    if reference.path.isEmpty {
      guard !requirement.kinds.contains(found.kind) else { return nil }
      return StoreFinding(
        severity: .problem, subject: subject, found: "a column of type \(found.type)", expected: requirement.expected,
        fix: requirement.typeFix)
    }
    guard found.kind != .text && found.kind != .json else { return nil }
    return StoreFinding(
      severity: .problem, subject: subject, found: "a column of type \(found.type)", expected: "a text or JSON column with fields inside",
      fix: "write the column without '->', or name the one that holds JSON")
  }

  private func missingTable(_ names: [String]) -> StoreFinding {
    let suggestion = Spelling.closest(to: store.table, among: names)
    return StoreFinding(
      severity: .problem, subject: "store.table: \(store.table)",
      found: "no such table in \(connection.dialect.rawValue) at \(connection.endpoint)", expected: "an existing table",
      fix: suggestion.map { "did you mean \($0)?" } ?? "create the table, or name another one")
  }

  private func accessFindings(_ table: TableDescription) -> [StoreFinding] {
    guard !table.isReadable else { return [] }
    return [
      StoreFinding(
        severity: .problem, subject: "store.table: \(store.table)", found: "a table that this user may not read",
        expected: "the right to select from it", fix: "GRANT SELECT ON \(connection.dialect.table(store.table)) TO the user of store.url")
    ]
  }

  func advice(_ subject: String, found: String, expected: String, fix: String) -> StoreFinding {
    StoreFinding(severity: .advice, subject: subject, found: found, expected: expected, fix: fix)
  }
}
