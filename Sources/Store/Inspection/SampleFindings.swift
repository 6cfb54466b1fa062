import FleetSpec

/// Whether rows that are there look like rows of the fleet.
extension StoreInspector {
  /// A table before the fleet's first run has none of its rows, so this is never more than a hint.
  func sampleFindings(_ mapping: TableMapping) throws -> [StoreFinding] {
    guard let fleet, !store.identity.isNone, let source = mapping.sources.first else { return [] }
    let condition = source.condition.map { " where \($0)" } ?? ""
    let keys = try connection.query(
      "select distinct looked_key from (select \(source.key) as looked_key from \(source.table)\(condition) limit 1000) as looked_at limit 100"
    ).compactMap { $0.first?.text }
    guard let example = keys.min() else { return [] }
    let devices = Set(fleet.groups.flatMap(\.deviceIDs))
    let tellsSensor = store.identity.sensor != nil || store.identity.sensorName != nil
    let isOwn = { (key: String) -> Bool in
      (!tellsSensor || key.contains(".")) && devices.contains(String(key.prefix { $0 != "." }))
    }
    guard !keys.contains(where: isOwn) else { return [] }
    let device = fleet.groups.first?.deviceIDs.first ?? ""
    let sensor = fleet.groups.first.flatMap { fleet.profiles[$0.profile].sensors.first?.name } ?? ""
    let isLacking = tellsSensor && !example.contains(".")
    return [
      advice(
        "store.identity", found: "no row of this fleet among those looked at; one is of '\(example)'",
        expected: "'\(tellsSensor ? "\(device).\(sensor)" : device)' or the like once the fleet has run",
        fix: isLacking
          ? "the column holds no <device>.<sensor>: map device and sensor_name instead"
          : "none is needed before the first run, or when rows of other devices come first")
    ]
  }
}
