import FleetSpec
import Store
import World

/// What the mapping of the table decides: how values are compared, and by what rows say which reading they are.
extension ExpectedSensors {
  /// Whether rows bear the number or the id of their message, and it is that of one reading only.
  var tellsReading: Bool { identity.eventID != nil || (identity.sequence != nil && !numbersAreReused) }

  /// The value of a reading as the store gives it back when nothing is wrong.
  @inline(__always)
  func value(of reading: Reading, sensor: Int) -> Double {
    tolerance.normalised(Decimal.value(reading.value, decimals: decimals(of: reading, sensor: sensor)))
  }

  /// The `MessageCode` of a reading; 0 where rows bear none.
  @inline(__always)
  func message(of reading: Reading) -> Int64 {
    if identity.eventID != nil { return MessageCode.code(boot: reading.boot, sequence: reading.sequence) }
    return identity.sequence == nil ? 0 : MessageCode.code(sequence: reading.sequence)
  }

  /// What is wrong with the number or id that a row bears; nil when nothing is.
  func messageDifference(_ row: TableRow, sensor: Int, reading: Reading) -> String? {
    guard identity.tellsReading, row.message != message(of: reading) else { return nil }
    let column = (identity.eventID ?? identity.sequence)?.text ?? ""
    return "\(column): expected \(messageText(message(of: reading))), found \(messageText(row.message))"
  }

  private func messageText(_ code: Int64) -> String {
    if code < 0 { return "none that can be read" }
    guard identity.eventID != nil else { return "\(code)" }
    return "...:\(code / MessageCode.perBoot):\(code % MessageCode.perBoot)"
  }
}
