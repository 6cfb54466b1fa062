/// A column as the engine's catalogue describes it.
public struct ColumnDescription: Sendable, Equatable {
  public let name: String
  /// The type in the engine's own words, such as `timestamp without time zone` or `SYMBOL`.
  public let type: String
  let kind: ColumnKind
}

/// What a column's values are, as far as a mapping cares.
enum ColumnKind: Sendable, Equatable {
  case timestamp
  case text
  case wholeNumber
  /// 64-bit floating point, or decimal.
  case number
  /// 32-bit floating point.
  case single
  case boolean
  case uuid
  case json
  case other
}

/// What the engine's catalogue says about a table.
public struct TableDescription: Sendable, Equatable {
  public let columns: [ColumnDescription]
  /// The sets of columns that the store itself keeps unique: QuestDB's upsert keys, PostgreSQL's unique indexes.
  public let uniqueKeys: [[String]]
  /// Nil on PostgreSQL, where rows are visible as soon as they are acknowledged.
  public let hasWriteAheadLog: Bool?
  /// Set when QuestDB has stopped applying writes.
  public let suspension: StoreError?
  /// Transactions that were acknowledged and are not visible yet; 0 on PostgreSQL.
  public let pendingTransactions: Int64
  /// False when this user may not read the table.
  public let isReadable: Bool
  /// What only QuestDB has; nil on PostgreSQL.
  public var questDB: QuestDBTable?
}

/// Reads the catalogues of both engines.
struct ColumnCatalogue {
  let connection: StoreConnection

  /// Nil when there is no such table.
  func describe(_ table: String) throws -> TableDescription? {
    switch connection.dialect {
    case .postgreSQL: try describeInPostgreSQL(table)
    case .questDB: try describeInQuestDB(table)
    }
  }

  /// The names of all tables that this user can see, for suggestions; PostgreSQL's outside the search path with their schema.
  func tableNames() throws -> [String] {
    let sql =
      switch connection.dialect {
      case .postgreSQL:
        """
        select case when pg_table_is_visible(c.oid) then c.relname else n.nspname || '.' || c.relname end \
        from pg_class c join pg_namespace n on n.oid = c.relnamespace \
        where c.relkind in ('r', 'p', 'v', 'm', 'f') and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast') \
        order by 1 limit 10000
        """
      case .questDB: "select table_name from tables() order by table_name limit 10000"
      }
    return try connection.query(sql).compactMap { $0.first?.text }
  }

  private func describeInPostgreSQL(_ table: String) throws -> TableDescription? {
    let name = StoreParameter.text(connection.dialect.table(table))
    let columns = try connection.query(
      """
      select a.attname, format_type(a.atttypid, a.atttypmod), cast(t.typcategory as text), cast(t.typname as text) \
      from pg_attribute a join pg_type t on t.oid = a.atttypid \
      where a.attrelid = to_regclass($1) and a.attnum > 0 and not a.attisdropped order by a.attnum
      """, [name])
    guard !columns.isEmpty else { return nil }
    let keys = try connection.query(
      """
      select cast(i.indexrelid as bigint), a.attname from pg_index i join pg_attribute a on a.attrelid = i.indrelid \
      and a.attnum = any(i.indkey) where i.indrelid = to_regclass($1) and i.indisunique and i.indisvalid order by 1, a.attnum
      """, [name])
    let readable = try connection.query("select has_table_privilege(to_regclass($1), 'select')", [name])
    var uniqueKeys: [(index: Int64, columns: [String])] = []
    for row in keys {
      let index = row[0].integer ?? 0
      if uniqueKeys.last?.index != index { uniqueKeys.append((index, [])) }
      uniqueKeys[uniqueKeys.count - 1].columns.append(row[1].text ?? "")
    }
    return TableDescription(
      columns: columns.map { row in
        let type = row[3].text ?? ""
        return ColumnDescription(
          name: row[0].text ?? "", type: row[1].text ?? "", kind: Self.kind(category: row[2].text ?? "", postgreSQLType: type))
      },
      uniqueKeys: uniqueKeys.map(\.columns), hasWriteAheadLog: nil, suspension: nil, pendingTransactions: 0,
      isReadable: readable.first?.first == .integer(1))
  }

  private static func kind(category: String, postgreSQLType type: String) -> ColumnKind {
    switch category {
    case "D" where type == "timestamp" || type == "timestamptz": .timestamp
    case "N" where ["int2", "int4", "int8"].contains(type): .wholeNumber
    case "N" where type == "float4": .single
    case "N" where ["float8", "numeric"].contains(type): .number
    case "S", "E": .text
    case "B": .boolean
    case "U" where type == "uuid": .uuid
    case "U" where type == "json" || type == "jsonb": .json
    default: .other
    }
  }

  private func describeInQuestDB(_ table: String) throws -> TableDescription? {
    let literal = try connection.dialect.text(table)
    guard let found = try QuestDBTable.read(table, on: connection) else { return nil }
    let columns = try connection.query("select \"column\", type, \"upsertKey\" from table_columns(\(literal))")
    let keys = columns.filter { $0[2] == .integer(1) }.compactMap { $0[0].text }
    let log = try WriteAheadLog.state(ofTable: table, on: connection)
    return TableDescription(
      columns: columns.map { column in
        let type = column[1].text ?? ""
        return ColumnDescription(name: column[0].text ?? "", type: type, kind: Self.kind(questDBType: type))
      },
      uniqueKeys: keys.isEmpty ? [] : [keys], hasWriteAheadLog: found.hasWriteAheadLog, suspension: log?.suspension,
      pendingTransactions: log?.pendingTransactions ?? 0, isReadable: true, questDB: found)
  }

  private static func kind(questDBType type: String) -> ColumnKind {
    switch type {
    case "TIMESTAMP", "TIMESTAMP_NS", "DATE": .timestamp
    case "SYMBOL", "STRING", "VARCHAR": .text
    case "LONG", "INT", "SHORT", "BYTE": .wholeNumber
    case "DOUBLE": .number
    case "FLOAT": .single
    case "BOOLEAN": .boolean
    case "UUID": .uuid
    default: type.hasPrefix("DECIMAL") ? .number : .other
    }
  }
}
