/// Whether a table gives the rows of a stretch of time without being read from end to end.
public enum TimeIndex {
  /// QuestDB keeps tables in the order of their time; PostgreSQL needs an index that begins with it.
  public static func exists(for mapping: TableMapping, on connection: StoreConnection) throws -> Bool {
    guard mapping.dialect == .postgreSQL else { return true }
    let table = try mapping.dialect.text(mapping.table)
    let column = try mapping.dialect.text(mapping.store.timestampColumn)
    let rows = try connection.query(
      """
      select 1 from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0] \
      where i.indrelid = to_regclass(\(table)) and i.indisvalid and i.indpred is null and a.attname = \(column) limit 1
      """)
    return !rows.isEmpty
  }
}
