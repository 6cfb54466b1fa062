extension Units {
  /// Reads `2026-06-21T10:00:00Z`, with up to three decimals of a second.
  ///
  /// - Returns: Milliseconds since 1970-01-01T00:00:00Z.
  public static func instant(_ text: String) throws(FormatError) -> Milliseconds {
    let expected = "an instant in UTC such as 2026-06-21T10:00:00Z"
    func failure(_ problem: String) -> FormatError { FormatError(problem, expected: expected) }
    guard text.hasSuffix("Z") else { throw failure(text.contains("T") ? "without the 'Z' of UTC" : "not an instant") }
    let halves = text.dropLast().split(separator: "T", omittingEmptySubsequences: false)
    guard halves.count == 2 else { throw failure("not an instant") }
    let date = halves[0].split(separator: "-", omittingEmptySubsequences: false)
    let time = halves[1].split(separator: ":", omittingEmptySubsequences: false)
    guard date.count == 3, time.count == 3, date[0].utf8.count == 4 else { throw failure("not an instant") }
    let second = time[2].split(separator: ".", omittingEmptySubsequences: false)
    guard second.count <= 2, let year = number(date[0], 4), let month = number(date[1], 2), let day = number(date[2], 2),
      let hour = number(time[0], 2), let minute = number(time[1], 2), let whole = number(second[0], 2)
    else { throw failure("not an instant") }
    var fraction = 0
    if second.count == 2 {
      let digits = second[1] + String(repeating: "0", count: max(0, 3 - second[1].utf8.count))
      guard !second[1].isEmpty, let parsed = number(Substring(digits), 3) else { throw failure("finer than a millisecond") }
      fraction = parsed
    }
    guard year >= 1970, (1...12).contains(month), day >= 1, day <= days(inMonth: month, year: year), hour < 24, minute < 60, whole < 60
    else { throw failure("no such date or time") }
    let seconds = ((daysSinceEpoch(year, month, day) * 24 + hour) * 60 + minute) * 60 + whole
    return Milliseconds(seconds * 1000 + fraction)
  }

  /// Prints an instant as `2026-06-21T10:00:00.000Z`.
  public static func format(instant: Milliseconds) -> String {
    let (day, inDay) = (instant.floorDivided(by: 86_400_000), instant.floorRemainder(by: 86_400_000))
    let (year, month, dayOfMonth) = civil(Int(day))
    let time = "\(padded(inDay / 3_600_000, 2)):\(padded(inDay / 60_000 % 60, 2)):\(padded(inDay / 1000 % 60, 2))"
    return "\(padded(Int64(year), 4))-\(padded(Int64(month), 2))-\(padded(Int64(dayOfMonth), 2))T\(time).\(padded(inDay % 1000, 3))Z"
  }

  /// Reads `11:30` or `11:30:15` as milliseconds since midnight.
  public static func timeOfDay(_ text: String) throws(FormatError) -> Milliseconds {
    let expected = "a time of day such as \"11:30\", from 00:00 to 23:59"
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2 || parts.count == 3 else { throw FormatError("not a time of day", expected: expected) }
    guard let hour = number(parts[0], 2) ?? number(parts[0], 1), let minute = number(parts[1], 2),
      let second = parts.count == 3 ? number(parts[2], 2) : 0
    else { throw FormatError("not a time of day", expected: expected) }
    guard hour < 24, minute < 60, second < 60 else { throw FormatError("no such time", expected: expected) }
    return Milliseconds(((hour * 60 + minute) * 60 + second) * 1000)
  }

  /// Prints milliseconds since midnight as `11:30`, with seconds only when there are some.
  static func format(timeOfDay: Milliseconds) -> String {
    let minutes = "\(padded(timeOfDay / 3_600_000, 2)):\(padded(timeOfDay / 60_000 % 60, 2))"
    let seconds = timeOfDay / 1000 % 60
    return seconds == 0 ? minutes : "\(minutes):\(padded(seconds, 2))"
  }

  /// Reads `06-21` as the 21st of June. 29 February exists.
  public static func monthDay(_ text: String) throws(FormatError) -> MonthDay {
    let expected = "a day of the year as MM-DD, such as 06-21"
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 2, let month = number(parts[0], 2), let day = number(parts[1], 2) else {
      throw FormatError("not a day of the year", expected: expected)
    }
    guard (1...12).contains(month), day >= 1, day <= days(inMonth: month, year: 2000) else {
      throw FormatError("no such day", expected: expected)
    }
    return MonthDay(month: month, day: day)
  }

  static func format(_ day: MonthDay) -> String {
    "\(padded(Int64(day.month), 2))-\(padded(Int64(day.day), 2))"
  }

  static func padded(_ number: Int64, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
  }

  private static func number(_ text: Substring, _ digits: Int) -> Int? {
    guard text.utf8.count == digits, text.utf8.allSatisfy({ $0 >= 48 && $0 <= 57 }) else { return nil }
    return Int(text)
  }

  private static func days(inMonth month: Int, year: Int) -> Int {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  /// Days of the proleptic Gregorian calendar; H. Hinnant, "chrono-compatible low-level date algorithms", days_from_civil.
  private static func daysSinceEpoch(_ year: Int, _ month: Int, _ day: Int) -> Int {
    let shifted = month <= 2 ? year - 1 : year
    let era = shifted / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  /// The inverse; civil_from_days of the same paper.
  private static func civil(_ days: Int) -> (year: Int, month: Int, day: Int) {
    let shifted = Int64(days) + 719_468
    let era = Int(shifted.floorDivided(by: 146_097))
    let dayOfEra = Int(shifted.floorRemainder(by: 146_097))
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthIndex = (5 * dayOfYear + 2) / 153
    let month = monthIndex < 10 ? monthIndex + 3 : monthIndex - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * monthIndex + 2) / 5 + 1)
  }
}

extension Int64 {
  fileprivate func floorDivided(by divisor: Int64) -> Int64 {
    self >= 0 ? self / divisor : (self - divisor + 1) / divisor
  }

  fileprivate func floorRemainder(by divisor: Int64) -> Int64 {
    self - floorDivided(by: divisor) * divisor
  }
}
