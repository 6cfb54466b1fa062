/// Reads and prints values with units the way people write them.
public enum Units {
  /// Splits `12.5 kW` into 12.5 and `kW`; nil when the text does not begin with a number.
  static func split(_ text: some StringProtocol) -> (number: Double, rest: String)? {
    let scalars = Array(text.utf8)
    var index = 0
    func isDigit(_ position: Int) -> Bool { position < scalars.count && scalars[position] >= 48 && scalars[position] <= 57 }
    func isSign(_ position: Int) -> Bool { position < scalars.count && (scalars[position] == 43 || scalars[position] == 45) }
    if isSign(index) { index += 1 }
    guard isDigit(index) || (index < scalars.count && scalars[index] == 46 && isDigit(index + 1)) else { return nil }
    while isDigit(index) { index += 1 }
    if index < scalars.count, scalars[index] == 46, isDigit(index + 1) {
      index += 1
      while isDigit(index) { index += 1 }
    }
    if index < scalars.count, scalars[index] == 101 || scalars[index] == 69 {
      let digits = isSign(index + 1) ? index + 2 : index + 1
      if isDigit(digits) {
        index = digits
        while isDigit(index) { index += 1 }
      }
    }
    guard let number = Double(String(decoding: scalars[..<index], as: UTF8.self)), number.isFinite else { return nil }
    return (number, trim(String(decoding: scalars[index...], as: UTF8.self)))
  }

  /// A number times a power of ten, as if its decimal point had been moved: `-0.35 %` is exactly the number that `-0.0035` is.
  static func shifted(_ number: Double, by exponent: Int) -> Double {
    let parts = "\(number)".split(separator: "e")
    let own = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
    return Double("\(parts[0])e\(own + exponent)") ?? number
  }

  static func trim(_ text: some StringProtocol) -> String {
    var slice = Substring(text)
    while let first = slice.first, first == " " || first == "\u{A0}" { slice.removeFirst() }
    while let last = slice.last, last == " " || last == "\u{A0}" { slice.removeLast() }
    return String(slice)
  }

  /// A number without a trailing `.0`, that reads back as the same number.
  static func format(_ number: Double) -> String {
    if number == number.rounded(), abs(number) < 1e15 { return String(Int64(number)) }
    return "\(number)"
  }

  /// Reads `5 %` or `0.05` as 0.05.
  ///
  /// - Returns: 0...1.
  public static func share(_ text: String) throws(FormatError) -> Double {
    let expected = "a share such as 5 % or 0.05, from 0 % to 100 %"
    guard let (number, unit) = split(text) else { throw FormatError("not a number", expected: expected) }
    guard unit.isEmpty || unit == "%" else { throw FormatError("with the unknown unit '\(unit)'", expected: expected) }
    let share = unit == "%" ? shifted(number, by: -2) : number
    guard share >= 0, share <= 1 else {
      let percent = unit.isEmpty && number > 1 && number <= 100 ? "did you mean '\(format(number)) %'?" : nil
      throw FormatError("out of range", expected: expected, suggestion: percent)
    }
    return share
  }

  /// Reads `20/s`, `300/min` or `5000/h` as a number per second; 0 needs no unit.
  public static func rate(_ text: String) throws(FormatError) -> Double {
    let expected = "a rate such as 20/s, 300/min or 5000/h"
    guard let (number, unit) = split(text) else { throw FormatError("not a rate", expected: expected) }
    guard number >= 0 else { throw FormatError("negative", expected: expected) }
    switch unit.filter({ $0 != " " }) {
    case "/s": return number
    case "/min", "/m": return number / 60
    case "/h": return number / 3600
    case "" where number == 0: return 0
    case "": throw FormatError("a number without a unit", expected: expected, suggestion: "did you mean '\(format(number))/s'?")
    default: throw FormatError("with the unknown unit '\(unit)'", expected: expected)
    }
  }

  /// Reads a number in the unit of a sensor: `0.5`, `0.5 degC`, `2 kW`.
  static func sensorNumber(_ text: String) throws(FormatError) -> (number: Double, unit: String?) {
    let expected = "a number in the sensor's unit, such as 0.5"
    guard let (number, unit) = split(text) else { throw FormatError("not a number", expected: expected) }
    return (number, unit.isEmpty ? nil : unit)
  }

  /// Reads a change in the unit of a sensor: `0.1`, `0.1 degC/year`, `5 %/h`; converted to one per year.
  static func sensorRate(_ text: String) throws(FormatError) -> (number: Double, unit: String?) {
    let expected = "a change per year in the sensor's unit, such as 0.1, 0.1 degC/year or 5 %/h"
    guard let (number, rest) = split(text) else { throw FormatError("not a number", expected: expected) }
    if rest.isEmpty { return (number, nil) }
    guard let slash = rest.lastIndex(of: "/") else { throw FormatError("without a time", expected: expected) }
    let unit = trim(rest[..<slash])
    let factor: Double
    switch trim(rest[rest.index(after: slash)...]) {
    case "year", "a": factor = 1
    case "month": factor = 12
    case "d", "day": factor = 365.25
    case "h": factor = 365.25 * 24
    case let time: throw FormatError("per unknown time '\(time)'", expected: expected)
    }
    return (number * factor, unit.isEmpty ? nil : unit)
  }

  /// Reads the most that is allowed of something: a count such as `0` or `12`, or a share such as `1 %`.
  public static func limit(_ text: String) throws(FormatError) -> Threshold.Limit {
    let expected = "a count such as 0 or 12, or a share such as 1 %"
    guard let (number, unit) = split(text) else { throw FormatError("not a number", expected: expected) }
    if unit == "%" { return .share(try share(text)) }
    guard unit.isEmpty else { throw FormatError("with the unknown unit '\(unit)'", expected: expected) }
    guard number >= 0 else { throw FormatError("negative", expected: expected) }
    guard number == number.rounded(), number < 9e15 else {
      throw FormatError("not a whole number", expected: expected, suggestion: "did you mean '\(format(number * 100)) %'?")
    }
    return .count(Int(number))
  }
}
