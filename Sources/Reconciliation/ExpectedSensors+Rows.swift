import FleetSpec
import Store
import World

/// Rows in their small form, and back.
extension ExpectedSensors {
  /// The small form of a row, and its texts when they are not the usual ones.
  func record(_ row: TableRow, sensor: Int, place: RowRecord.Place) -> (RowRecord, UnusualTexts?) {
    let usual = usualTexts(row, sensor: sensor)
    let record = RowRecord(
      sensor: Int32(sensor), variant: usual?.variant ?? BucketTable.noVariant, quality: usual?.quality ?? 0, place: place,
      hasValue: row.value != nil, timestampMicroseconds: row.timestampMicroseconds, value: row.value ?? 0,
      arrival: row.ingestedAtMicroseconds ?? RowRecord.noArrival, message: row.message)
    return (record, usual == nil ? UnusualTexts(sensorID: row.sensorID, attributes: row.attributes) : nil)
  }

  /// The version by whose constants a row's texts are as expected, and the code of its quality; nil when they are nobody's.
  private func usualTexts(_ row: TableRow, sensor: Int) -> (variant: UInt8, quality: UInt8)? {
    if mayBeUnknown(sensor) && numberOfRegistered(row.sensorID) != sensor { return nil }
    var quality: UInt8 = 0
    if let qualityPosition {
      let flag = row.attributes[qualityPosition]
      guard let known = QualityCode.known.first(where: { $0.flag == flag }) else { return nil }
      quality = UInt8(known.code)
    }
    for version in 0..<UInt8(clamping: appearances(of: sensor).versionCount) where hasConstants(row, sensor, version) {
      return (version, quality)
    }
    return nil
  }

  private func hasConstants(_ row: TableRow, _ sensor: Int, _ version: UInt8) -> Bool {
    for (index, mapping) in attributes.enumerated() where mapping.field != .quality {
      if row.attributes[index] != constant(mapping.field, of: sensor, version: version) { return false }
    }
    return true
  }

  /// The row that a small form stands for.
  func row(_ record: RowRecord, _ texts: UnusualTexts?) -> TableRow {
    let sensor = Int(record.sensor)
    return TableRow(
      sensorID: texts?.sensorID ?? id(sensor), timestampMicroseconds: record.timestampMicroseconds,
      value: record.hasValue ? record.value : nil,
      attributes: texts?.attributes
        ?? attributes.map { mapping in
          guard mapping.field == .quality else { return constant(mapping.field, of: sensor, version: record.variant) }
          return QualityCode.known.first { $0.code == Int(record.quality) }?.flag
        },
      ingestedAtMicroseconds: record.ingestedAtMicroseconds, message: record.message)
  }

  /// Whether a row says plainly what was sent. What does not may still be equal: `difference` decides.
  @inline(__always)
  func isPlainlyEqual(_ record: RowRecord, sensor: Int, reading: Reading) -> Bool {
    record.variant != BucketTable.noVariant && record.hasValue && !isPeculiar(reading)
      && (qualityPosition == nil || record.quality == reading.quality.rawValue)
      && record.variant == variant(of: reading, sensor: sensor)
      && record.value == value(of: reading, sensor: sensor) && record.message == message(of: reading)
  }
}
