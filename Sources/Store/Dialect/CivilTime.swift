/// A date and time of day in UTC, in the proleptic Gregorian calendar.
struct CivilTime: CustomStringConvertible {
  private let year: Int64
  private let month: Int64
  private let day: Int64
  private let microsecondOfDay: Int64

  static let startOfYear1: Int64 = -62_135_596_800_000_000
  static let endOfYear9999: Int64 = 253_402_300_799_999_999

  /// The calendar arithmetic is Howard Hinnant's `civil_from_days` (chrono-Compatible Low-Level Date Algorithms).
  init(microseconds: Int64) {
    let perDay: Int64 = 86_400_000_000
    let days = Self.floorDivide(microseconds, perDay)
    microsecondOfDay = microseconds - days * perDay
    let shifted = days + 719_468
    let era = Self.floorDivide(shifted, 146_097)
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
    month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  }

  /// `2026-01-01 00:00:00.000001`
  var description: String {
    let second = microsecondOfDay / 1_000_000
    return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2)) "
      + "\(padded(second / 3_600, 2)):\(padded(second / 60 % 60, 2)):\(padded(second % 60, 2)).\(padded(microsecondOfDay % 1_000_000, 6))"
  }

  private func padded(_ number: Int64, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
  }

  static func floorDivide(_ dividend: Int64, _ divisor: Int64) -> Int64 {
    let (quotient, remainder) = dividend.quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? quotient - 1 : quotient
  }
}
