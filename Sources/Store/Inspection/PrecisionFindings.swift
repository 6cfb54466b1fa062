import FleetSpec

/// What a column's type cannot hold of what the fleet sends.
extension StoreInspector {
  func precisionFindings(_ table: TableDescription) -> [StoreFinding] {
    let values = store.values.compactMap { item -> [StoreFinding]? in
      guard item.column.path.isEmpty, let column = column(item.column.column, in: table) else { return nil }
      return valueFindings(item, column)
    }
    return values.flatMap { $0 } + timestampFindings(table)
  }

  /// The most decimal places that any sensor of a column sends, and that sensor; nil without a fleet.
  private func finest(_ item: ValueColumn) -> (decimals: Int, sensor: String)? {
    guard let fleet else { return nil }
    var finest: (decimals: Int, sensor: String)?
    for profile in fleet.profiles {
      for (index, sensor) in profile.sensors.enumerated() where item.sensors.isEmpty || item.sensors.contains(sensor.name) {
        let decimals = profile.laterVersions.compactMap { $0.sensorOverrides[index]?.decimals }.reduce(sensor.decimals, max)
        if decimals > finest?.decimals ?? -1 { finest = (decimals, sensor.name) }
      }
    }
    return finest
  }

  private func valueFindings(_ item: ValueColumn, _ column: ColumnDescription) -> [StoreFinding] {
    let subject = "store.values: \(column.name)"
    var findings: [StoreFinding] = []
    if column.kind == .single, store.tolerance == .exact {
      findings.append(
        advice(
          subject, found: "a column of type \(column.type), which rounds to 24 binary digits: 1234.567 becomes 1234.5670166015625",
          expected: "64-bit floating point or decimal, or store.tolerance: float32",
          fix: "set store.tolerance to float32; every value with more than 6 or 7 digits is called corrupted otherwise"))
    }
    if column.kind == .wholeNumber {
      if let finest = finest(item), finest.decimals > 0 {
        findings.append(
          advice(
            subject, found: "a column of whole numbers (\(column.type)), while \(finest.sensor) sends \(finest.decimals) decimal places",
            expected: "a type that holds fractions",
            fix: "change the column's type, or set store.tolerance to {absolute: 0.5} if the rounding is meant"))
      }
      if connection.dialect == .questDB {
        let loss = ["SHORT", "BYTE"].contains(column.type) ? "NULL reads as 0" : "the least number of the type reads as NULL"
        findings.append(
          advice(
            subject, found: "a column of type \(column.type), in which \(loss)", expected: "DOUBLE, where NULL is apart from every number",
            fix: "change the column's type if such values can occur"))
      }
    }
    if let scale = Self.scale(column.type), let finest = finest(item), scale < finest.decimals {
      findings.append(
        advice(
          subject, found: "a column of type \(column.type), while \(finest.sensor) sends \(finest.decimals) decimal places",
          expected: "at least as many decimal places", fix: "widen the column, or set store.tolerance if the rounding is meant"))
    }
    return findings
  }

  /// The decimal places of `numeric(10,2)` or `DECIMAL(10,2)`; nil for other types.
  static func scale(_ type: String) -> Int? {
    let lower = type.lowercased()
    guard lower.hasPrefix("numeric(") || lower.hasPrefix("decimal("), lower.hasSuffix(")") else { return nil }
    let parts = lower.drop { $0 != "(" }.dropFirst().dropLast().split(separator: ",")
    return parts.count == 2 ? Int(parts[1].trimmingSpaces) : parts.count == 1 ? 0 : nil
  }

  private func timestampFindings(_ table: TableDescription) -> [StoreFinding] {
    let subject = "store.timestamp: \(store.timestampColumn)"
    if store.timestampUnit == .seconds {
      return [
        advice(
          subject, found: "a timestamp in whole seconds", expected: "milliseconds, as devices send them",
          fix: "none is needed if it is meant: what is finer is cut off on both sides, and readings of a sensor within one second collide")
      ]
    }
    guard let type = column(store.timestampColumn, in: table)?.type,
      ["timestamp(0)", "timestamp(1)", "timestamp(2)"].contains(where: type.hasPrefix)
    else { return [] }
    return [
      advice(
        subject, found: "a column of type \(type), which rounds the milliseconds that devices send",
        expected: "timestamp(3) or finer", fix: "change the column's type; rows at rounded timestamps are called misplaced")
    ]
  }
}
