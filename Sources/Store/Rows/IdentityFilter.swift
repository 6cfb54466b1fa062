import FleetSpec

/// Which sensors' rows are looked at.
public enum IdentityFilter: Sendable, Equatable {
  /// Every row of the table.
  case everything
  /// `<device>.<sensor>`, as in the sensor column.
  case sensorIDs([String])
  /// Needs a mapped attribute `device_id`.
  case deviceIDs([String])
  /// Needs a mapped attribute `site_id`.
  case siteIDs([String])

  /// Conditions that together choose exactly these rows, each short enough for one statement.
  ///
  /// QuestDB drops a connection whose SQL text exceeds 1 MiB, so lists are cut. An empty list gives no condition at all: no rows.
  func conditions(_ mapping: TableMapping) throws(StoreError) -> [String?] {
    let (column, names): (String, [String])
    switch self {
    case .everything: return [nil]
    case .sensorIDs(let list): (column, names) = (mapping.store.sensorIDColumn, list)
    case .deviceIDs(let list): (column, names) = (try Self.column(of: .deviceID, mapping), list)
    case .siteIDs(let list): (column, names) = (try Self.column(of: .siteID, mapping), list)
    }
    var conditions: [String] = []
    var literals: [String] = []
    var size = 0
    func cut() {
      guard !literals.isEmpty else { return }
      conditions.append("\(mapping.dialect.identifier(column)) in (\(literals.joined(separator: ",")))")
      literals = []
      size = 0
    }
    for name in names {
      let literal = try mapping.dialect.text(name)
      if size + literal.utf8.count > Self.largestList || literals.count == Self.longestList { cut() }
      literals.append(literal)
      size += literal.utf8.count + 1
    }
    cut()
    return conditions
  }

  private static let largestList = 512 * 1_024
  private static let longestList = 10_000

  private static func column(of field: AttributeMapping.Field, _ mapping: TableMapping) throws(StoreError) -> String {
    guard let attribute = mapping.store.attributes.first(where: { $0.field == field }) else {
      throw .invalidRequest("rows cannot be chosen by \(field.rawValue): the fleet file maps no column of \(mapping.store.table) to it")
    }
    return attribute.column
  }
}
