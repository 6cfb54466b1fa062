import FleetSpec
import Foundation

/// Text for people: colours only on a terminal, plain in a pipe.
public struct Terminal: Sendable {
  public enum Style: Int, Sendable {
    case bold = 1
    case dim = 2
    case red = 31
    case green = 32
    case yellow = 33
    case cyan = 36
  }

  /// Whether escape codes are written.
  public let isColoured: Bool

  /// - Parameter descriptor: looked at once; `NO_COLOR` and `TERM=dumb` are respected.
  public init(descriptor: Int32 = STDOUT_FILENO) {
    let environment = ProcessInfo.processInfo.environment
    isColoured = isatty(descriptor) == 1 && environment["NO_COLOR"] == nil && environment["TERM"] != "dumb"
  }

  public init(isColoured: Bool) { self.isColoured = isColoured }

  public func paint(_ text: String, _ styles: Style...) -> String {
    guard isColoured, !styles.isEmpty else { return text }
    return "\u{1B}[" + styles.map { String($0.rawValue) }.joined(separator: ";") + "m" + text + "\u{1B}[0m"
  }

  /// A whole number in groups of three: `1,234,567`.
  public static func number(_ value: Int64) -> String { Units.grouped(value) }

  /// A share of a whole with two decimals; what is not nothing never shows as 0, and what is not all never as 100.
  public static func share(_ part: Int64, of whole: Int64) -> String {
    guard whole > 0 else { return "-" }
    let percent = Double(part) / Double(whole) * 100
    if part == whole { return "100 %" }
    if percent > 99.99 { return "> 99.99 %" }
    if percent > 0 && percent < 0.01 { return "< 0.01 %" }
    return String(format: "%.2f %%", percent)
  }

  static func left(_ text: String, _ width: Int) -> String { text + String(repeating: " ", count: max(0, width - text.count)) }
  static func right(_ text: String, _ width: Int) -> String { String(repeating: " ", count: max(0, width - text.count)) + text }
}
