import FleetSpec
import World

/// Numbers and times as people write them.
enum Phrases {
  /// `1,234,567`.
  static func number(_ value: Int64) -> String { Units.grouped(value) }

  static func number(_ value: Double) -> String { number(Int64(value.rounded())) }

  /// `12.3 %`; what is not nothing never shows as 0, and what is not all never as 100.
  static func percent(_ part: Double, of whole: Double) -> String {
    guard whole > 0, part > 0 else { return "0 %" }
    if part >= whole { return "100 %" }
    let percent = part / whole * 100
    if percent < 0.01 { return "less than 0.01 %" }
    if percent > 99.99 { return "more than 99.99 %" }
    let digits: Double = percent < 1 ? 100 : 10
    return decimal((percent * digits).rounded() / digits) + " %"
  }

  /// Without a fraction of zero: `2`, `2.5`.
  static func decimal(_ value: Double) -> String {
    let whole = value.rounded()
    return whole == value && abs(value) < 1e15 ? String(Int64(whole)) : "\(value)"
  }

  /// `24 h 00 m`, `5 s`, `250 ms`, `1 m 30 s`.
  static func duration(_ milliseconds: Milliseconds) -> String {
    let sign = milliseconds < 0 ? "-" : ""
    let rest = Int64(milliseconds.magnitude)
    if rest < 1_000 { return sign + "\(rest) ms" }
    if rest < 60_000 { return sign + decimal(Double(rest) / 1_000) + " s" }
    let seconds = rest / 1_000
    if rest < 3_600_000 { return sign + "\(seconds / 60) m " + two(seconds % 60) + " s" }
    return sign + "\(seconds / 3_600) h " + two(seconds / 60 % 60) + " m" + (seconds % 60 == 0 ? "" : " " + two(seconds % 60) + " s")
  }

  /// `23:59:41.250`.
  static func clock(_ milliseconds: Milliseconds) -> String {
    let rest = Int64(milliseconds.magnitude)
    let thousandths = rest % 1_000
    let fraction = thousandths == 0 ? "" : "." + String(repeating: "0", count: 3 - String(thousandths).count) + String(thousandths)
    return (milliseconds < 0 ? "-" : "") + two(rest / 3_600_000) + ":" + two(rest / 60_000 % 60) + ":" + two(rest / 1_000 % 60) + fraction
  }

  private static func two(_ value: Int64) -> String { value < 10 ? "0\(value)" : "\(value)" }

  /// `1 reading`, `2 readings`.
  static func readings(_ count: Int64) -> String { count == 1 ? "1 reading" : "\(number(count)) readings" }

  static func instant(_ at: Milliseconds) -> String { Units.format(instant: at) }

  static func kind(_ malformation: Malformation) -> String {
    switch malformation {
    case .none: "a sound payload"
    case .truncated: "a payload that is cut off"
    case .missingField: "a payload without a timestamp"
    case .wrongType: "a value that is a text"
    case .notANumber: "a value that is NaN"
    case .null: "a value that is null"
    case .syntax: "a payload with a mistake of syntax"
    case .timestampFormat: "a timestamp that is a text"
    case .oversized: "an oversized payload"
    case .wrongUnit: "a wrong unit"
    case .outOfRange: "a value beyond the sensor's range"
    case .unknownDevice: "the id of an unregistered device"
    }
  }
}
