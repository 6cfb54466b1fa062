import FleetSpec

/// Which sensors' rows are looked at.
public enum IdentityFilter: Sendable, Equatable {
  /// Every row of the table.
  case everything
  /// `<device>.<sensor>`. Where rows do not tell their sensor, all rows of its device, and where they tell nothing, every row.
  case sensorIDs([String])
  /// Needs a mapped attribute `device_id`.
  case deviceIDs([String])
  /// Needs a mapped attribute `site_id`.
  case siteIDs([String])

  /// Conditions that together choose exactly these rows, each short enough for one statement.
  ///
  /// QuestDB drops a connection whose SQL text exceeds 1 MiB, so lists are cut. An empty list gives no condition at all: no rows.
  func conditions(_ source: RowSource, _ mapping: TableMapping) throws(StoreError) -> [String?] {
    switch self {
    case .everything: return [nil]
    case .sensorIDs(let list): return try Self.sensors(list, source, mapping)
    case .deviceIDs(let list):
      let column = try Self.column(of: .deviceID, mapping)
      return try Self.lists(list, mapping).map { "\(column) in (\($0))" }
    case .siteIDs(let list):
      let column = try Self.column(of: .siteID, mapping)
      return try Self.lists(list, mapping).map { "\(column) in (\($0))" }
    }
  }

  private static func sensors(_ ids: [String], _ source: RowSource, _ mapping: TableMapping) throws(StoreError) -> [String?] {
    switch source.choice {
    case .none: return ids.isEmpty ? [] : [nil]
    case .sensor(let expression): return try lists(ids, mapping).map { "\(expression) in (\($0))" }
    case .device(let expression):
      let wanted = source.suffix.isEmpty ? ids : ids.filter { $0.hasSuffix(source.suffix) }
      let devices = source.suffix.isEmpty ? devices(of: wanted) : wanted.map { String($0.dropLast(source.suffix.count)) }
      return try lists(devices, mapping).map { "\(expression) in (\($0))" }
    case .deviceAndSensor(let device, let sensor):
      var conditions: [String?] = []
      for start in stride(from: 0, to: ids.count, by: Self.pairedList) {
        let part = Array(ids[start..<min(start + Self.pairedList, ids.count)])
        for sensors in try lists(part, mapping) {
          // The list of devices only helps to find rows: it is used when it is whole.
          let names = try lists(devices(of: part), mapping)
          let fast = names.count == 1 ? "\(device) in (\(names[0])) and " : ""
          conditions.append("\(fast)\(sensor) in (\(sensors))")
        }
      }
      return conditions
    }
  }

  /// The devices of some sensors, each once, in the order of the sensors; a device's id has no dot.
  private static func devices(of ids: [String]) -> [String] {
    var seen: Set<String> = []
    return ids.compactMap { id in
      let device = String(id.prefix { $0 != "." })
      return seen.insert(device).inserted ? device : nil
    }
  }

  /// Lists of literals that together hold all names.
  private static func lists(_ names: [String], _ mapping: TableMapping) throws(StoreError) -> [String] {
    var lists: [String] = []
    var literals: [String] = []
    var size = 0
    func cut() {
      guard !literals.isEmpty else { return }
      lists.append(literals.joined(separator: ","))
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
    return lists
  }

  private static let largestList = 384 * 1_024
  private static let longestList = 10_000
  private static let pairedList = 5_000

  private static func column(of field: AttributeMapping.Field, _ mapping: TableMapping) throws(StoreError) -> String {
    guard let attribute = mapping.store.attributes.first(where: { $0.field == field }) else {
      throw .invalidRequest("rows cannot be chosen by \(field.rawValue): the fleet file maps no column of \(mapping.store.table) to it")
    }
    return mapping.columns.bare(attribute.reference)
  }
}
