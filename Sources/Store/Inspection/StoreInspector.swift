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
  private let connection: StoreConnection
  private let store: StoreMapping

  public init(_ connection: StoreConnection, _ store: StoreMapping) {
    self.connection = connection
    self.store = store
  }

  /// - Throws: `StoreError` when the catalogue itself cannot be read.
  public func inspect() throws -> StoreInspection {
    let catalogue = ColumnCatalogue(connection: connection)
    guard let table = try catalogue.describe(store.table) else {
      return StoreInspection(table: nil, findings: [missingTable(try catalogue.tableNames())])
    }
    let columns = required.compactMap { check($0, in: table) }
    return StoreInspection(table: table, findings: columns + accessFindings(table) + visibilityFindings(table))
  }

  private struct Requirement {
    let setting: String
    let column: String
    let kinds: [ColumnKind]
    let expected: String
    let typeFix: String
  }

  private var required: [Requirement] {
    let isTimestamp = store.timestampUnit == .timestamp
    let time = Requirement(
      setting: "store.timestamp", column: store.timestampColumn, kinds: isTimestamp ? [.timestamp] : [.wholeNumber],
      expected: isTimestamp ? "a timestamp column" : "a whole number of \(store.timestampUnit.rawValue) since 1970",
      typeFix: isTimestamp
        ? "set store.timestamp_unit to s, ms, us or ns if the column counts from 1970, or name another column"
        : "set store.timestamp_unit to timestamp if the column is one, or name another column")
    let sensor = Requirement(
      setting: "store.identity", column: store.sensorIDColumn, kinds: [.text], expected: "a text column with <device>.<sensor>",
      typeFix: "name the column that holds the sensor's identity as a text")
    let value = Requirement(
      setting: "store.values", column: store.valueColumn, kinds: [.number, .wholeNumber], expected: "a numeric column",
      typeFix: "name the column that holds the measured value")
    let attributes = store.attributes.map {
      Requirement(
        setting: "store.attributes.\($0.field.rawValue)", column: $0.column, kinds: [.text], expected: "a text column",
        typeFix: "name a text column, or leave the attribute out of the mapping")
    }
    let arrival = store.ingestedAtColumn.map {
      Requirement(
        setting: "store.ingested_at", column: $0, kinds: [.timestamp], expected: "a timestamp column",
        typeFix: "name the timestamp column of arrival, or leave ingested_at out of the mapping")
    }
    return [time, sensor, value] + attributes + (arrival.map { [$0] } ?? [])
  }

  private func check(_ requirement: Requirement, in table: TableDescription) -> StoreFinding? {
    // QuestDB's column names ignore case.
    let found = table.columns.first {
      $0.name == requirement.column
        || connection.dialect == .questDB && $0.name.lowercased() == requirement.column.lowercased()
    }
    let subject = "\(requirement.setting): \(requirement.column)"
    guard let found else {
      let names = table.columns.map(\.name)
      let suggestion = Spelling.closest(to: requirement.column, among: names)
      return StoreFinding(
        severity: .problem, subject: subject, found: "no such column in \(store.table) (\(names.joined(separator: ", ")))",
        expected: requirement.expected, fix: suggestion.map { "did you mean \($0)?" } ?? "name one of the table's columns")
    }
    guard !requirement.kinds.contains(found.kind) else { return nil }
    return StoreFinding(
      severity: .problem, subject: subject, found: "a column of type \(found.type)", expected: requirement.expected,
      fix: requirement.typeFix)
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

  private func visibilityFindings(_ table: TableDescription) -> [StoreFinding] {
    var findings: [StoreFinding] = []
    if case .suspended(_, let reason, let fix) = table.suspension {
      findings.append(
        StoreFinding(
          severity: .problem, subject: "store.table: \(store.table)", found: "a suspended table (\(reason))",
          expected: "a table that takes rows", fix: fix))
    }
    if table.hasWriteAheadLog == false {
      findings.append(
        StoreFinding(
          severity: .advice, subject: "store.table: \(store.table)", found: "a table without write-ahead log",
          expected: "WAL, so that it can be told when every acknowledged row is visible",
          fix: "ALTER TABLE \(connection.dialect.table(store.table)) SET TYPE WAL; and restart QuestDB"))
    }
    for key in table.uniqueKeys {
      findings.append(
        StoreFinding(
          severity: .advice, subject: "store.table: \(store.table)",
          found: "the store itself keeps (\(key.joined(separator: ", "))) unique",
          expected: "a pipeline.dedup that says the same, since repeats cannot show in this table",
          fix: "set pipeline.dedup.keys to match, window: forever"))
    }
    return findings
  }
}
