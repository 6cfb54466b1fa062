/// Makes the model of a store from values without errors.
struct StoreDecoder {
  let profiles: [FirmwareProfile]

  func decode(_ value: ObjectValue) -> StoreMapping {
    let timestamp = value.required("timestamp", \.text)
    let isWide = StoreChecker.isWide(value)
    let attributes = value.required("attributes", \.map).compactMap { entry -> AttributeMapping? in
      guard let field = AttributeMapping.Field(rawValue: entry.key), let column = reference(entry.value) else { return nil }
      return AttributeMapping(field: field, reference: column)
    }
    let filter = value.required("filter", \.map).compactMap { self.filter($0) }
    return StoreMapping(
      url: value.required("url", \.text), password: value["password"]?.secret, table: value.required("table", \.text),
      timestampColumn: timestamp,
      timestampUnit: value.required("timestamp_unit") { $0.text.flatMap(StoreMapping.TimestampUnit.init(rawValue:)) },
      identity: identity(value["identity"], timestamp, isWide), values: values(value.required("values", \.map), isWide),
      attributes: attributes, ingestedAtColumn: value["ingested_at"]?.text, filter: filter, tolerance: tolerance(value["tolerance"]))
  }

  // Plain functions: the optimiser of Swift 6.3 does not survive closures with several optionals behind `??`.
  private func filter(_ entry: Value.Entry) -> ColumnFilter? {
    guard let column = try? ColumnReference.parse(entry.key, .columnReference) else { return nil }
    if let list = entry.value.list { return ColumnFilter(column, list.compactMap(\.text)) }
    guard let text = entry.value.text else { return ColumnFilter(column, []) }
    return ColumnFilter(column, [text])
  }

  private func reference(_ value: Value?) -> ColumnReference? {
    value?.text.flatMap { try? ColumnReference.parse($0, .columnReference) }
  }

  private func identity(_ value: Value?, _ timestamp: String, _ isWide: Bool) -> RowIdentity {
    if let list = value?.list {
      let column = reference(list.first { $0.text != timestamp })
      return isWide ? RowIdentity(device: column) : RowIdentity(sensor: column)
    }
    guard let object = value?.object else { return RowIdentity() }
    return RowIdentity(
      sensor: reference(object["sensor"]), device: reference(object["device"]), sensorName: reference(object["sensor_name"]),
      sequence: reference(object["seq"]), eventID: reference(object["event_id"]))
  }

  private func values(_ entries: [Value.Entry], _ isWide: Bool) -> [ValueColumn] {
    guard isWide else { return entries.compactMap { reference($0.value) }.map { ValueColumn($0) } }
    let layout = WideLayout(entries.compactMap { entry in entry.value.text.map { (entry.key, $0) } }, profiles.map { SensorList($0) })
    return layout.columns.compactMap { item in
      (try? ColumnReference.parse(item.column, .columnReference)).map { ValueColumn(sensors: item.sensors, $0) }
    }
  }

  private func tolerance(_ value: Value?) -> ValueTolerance {
    if value?.keyword == "float32" { return .float32 }
    guard let object = value?.object else { return .exact }
    if let share = object["relative"]?.number { return .relative(share) }
    guard let absolute = object["absolute"]?.number else { return .exact }
    return .absolute(absolute, decimals: mostDecimals)
  }

  /// The most decimal places of any sensor under any firmware. Plain loops: the compiler crashes on closures here in release builds.
  private var mostDecimals: Int {
    var most = 0
    for profile in profiles {
      for sensor in profile.sensors { most = max(most, sensor.decimals) }
      for version in profile.laterVersions {
        for override in version.sensorOverrides.values { most = max(most, override.decimals) }
      }
    }
    return most
  }
}
