import FleetSpec

/// SQL for single columns, and for fields inside columns that hold JSON, in the types that Heliograph needs.
struct ColumnExpressions: Sendable {
  let dialect: Dialect
  /// What the catalogue says, by column; a column that is missing is taken for what the mapping needs.
  private let kinds: [String: ColumnKind]

  init(dialect: Dialect, columns: [ColumnDescription]) {
    self.dialect = dialect
    kinds = Dictionary(columns.map { (Self.key($0.name, dialect), $0.kind) }, uniquingKeysWith: { first, _ in first })
  }

  /// QuestDB's column names ignore case.
  private static func key(_ name: String, _ dialect: Dialect) -> String { dialect == .questDB ? name.lowercased() : name }

  func kind(of column: String) -> ColumnKind? { kinds[Self.key(column, dialect)] }

  /// The column itself, quoted; a field as a text.
  func bare(_ reference: ColumnReference) -> String {
    let column = dialect.identifier(reference.column)
    guard !reference.path.isEmpty else { return column }
    // The keys of a path are letters, digits, '_' and '-' alone: see `ColumnReference`.
    switch dialect {
    case .postgreSQL: return "(cast(\(column) as json) #>> '{\(reference.path.joined(separator: ","))}')"
    case .questDB: return "json_extract(cast(\(column) as varchar), '.\(reference.path.joined(separator: "."))')"
    }
  }

  /// As a text, whatever the column's type.
  func text(_ reference: ColumnReference) -> String {
    let expression = bare(reference)
    guard reference.path.isEmpty else { return expression }
    switch dialect {
    case .postgreSQL: return dialect.textual(expression)
    case .questDB:
      // QuestDB sends its three text types alike, and groups by a bare symbol fastest.
      guard let kind = kind(of: reference.column), kind != .text else { return expression }
      return "cast(\(expression) as varchar)"
    }
  }

  /// As a double.
  func double(_ reference: ColumnReference) -> String { dialect.double(bare(reference)) }

  /// As a whole number from 0 on; -1 stands for NULL and for whatever is none.
  func natural(_ reference: ColumnReference) -> String {
    let isNumber = kind(of: reference.column).map { $0 == .wholeNumber || $0 == .number } ?? true
    if dialect == .postgreSQL && (!reference.path.isEmpty || !isNumber) { return natural(ofText: text(reference), "[0-9]{1,18}") }
    return "coalesce(\(dialect.integer(bare(reference))), -1)"
  }

  private func natural(ofText text: String, _ pattern: String) -> String {
    // PostgreSQL ends the statement at the first text that is no number.
    "case when \(text) ~ '^\(pattern)$' then cast(\(text) as bigint) else -1 end"
  }

  /// Texts behind one another; NULL where the first is.
  func joined(_ texts: [String]) -> String {
    switch dialect {
    case .postgreSQL: "(\(texts.joined(separator: " || ")))"
    case .questDB: "concat(\(texts.joined(separator: ", ")))"
    }
  }

  /// A part of a text, from 1.
  func part(_ number: Int, of text: String, separator: String) -> String {
    let argument = dialect == .questDB ? "cast(\(text) as varchar)" : text
    return "split_part(\(argument), '\(separator)', \(number))"
  }

  /// True where a column has one of some values, written as texts.
  /// - Throws: `StoreError.invalidRequest` when a value does not fit the column's type.
  func isOne(of values: [String], _ reference: ColumnReference) throws(StoreError) -> String {
    let expression = bare(reference)
    // PostgreSQL reads a literal as the type of what it is compared with.
    let kind = dialect == .postgreSQL || !reference.path.isEmpty ? ColumnKind.text : kind(of: reference.column) ?? .text
    var conditions: [String] = []
    for value in values { conditions.append("\(expression) = \(try literal(value, kind, reference))") }
    return conditions.count == 1 ? conditions[0] : "(\(conditions.joined(separator: " or ")))"
  }

  private func literal(_ value: String, _ kind: ColumnKind, _ reference: ColumnReference) throws(StoreError) -> String {
    func refuse(_ expected: String) -> StoreError {
      .invalidRequest("store.filter: \(reference.text) cannot be '\(value)': expected \(expected), which is the column's type")
    }
    switch kind {
    case .wholeNumber:
      guard let number = Int64(value) else { throw refuse("a whole number") }
      return String(number)
    case .number, .single:
      guard let number = Double(value), number.isFinite else { throw refuse("a number") }
      return "\(number)"
    case .boolean:
      guard value == "true" || value == "false" else { throw refuse("true or false") }
      return value
    case .text, .uuid, .json, .timestamp, .other: return try dialect.text(value)
    }
  }
}
