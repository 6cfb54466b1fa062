import Drawing
import FleetSpec
import Foundation

/// What the numbers of a chart count, and how they are written.
enum ChartUnit: Sendable {
  case count
  case perSecond
  case milliseconds
  case mebibytes
  /// 1 is one processor.
  case processors

  /// For tooltips and tables.
  func text(_ value: Double) -> String {
    switch self {
    case .count: Numbers.text(value)
    case .perSecond: "\(Numbers.text(value, decimals: value < 100 && value > 0 ? 1 : 0))/s"
    case .milliseconds: Readable.duration(value)
    case .mebibytes: Readable.bytes(value * 1_048_576)
    case .processors: "\(Numbers.text(value * 100, decimals: value < 0.1 ? 1 : 0)) %"
    }
  }

  /// At an axis, where it must be short.
  func tick(_ value: Double, decimals: Int) -> String {
    switch self {
    case .milliseconds: Readable.duration(value)
    case .mebibytes: "\(Numbers.text(value, decimals: decimals)) MiB"
    case .processors: "\(Numbers.text(value * 100, decimals: max(0, decimals - 2))) %"
    case .count, .perSecond:
      value >= 10_000_000
        ? "\(Numbers.brief(value / 1_000_000)) M"
        : value >= 10_000 ? "\(Numbers.brief(value / 1_000)) k" : Numbers.text(value, decimals: decimals)
    }
  }
}

/// Numbers and instants for people.
enum Readable {
  /// Milliseconds with two or three digits that count: `0.4 ms`, `12 ms`, `1.25 s`, `3m 20s`.
  static func duration(_ milliseconds: Double) -> String {
    if milliseconds < 10 { return "\(Numbers.brief(milliseconds, decimals: milliseconds < 1 ? 2 : 1)) ms" }
    if milliseconds < 1_000 { return "\(Numbers.text(milliseconds)) ms" }
    if milliseconds < 60_000 { return "\(Numbers.brief(milliseconds / 1_000, decimals: milliseconds < 10_000 ? 2 : 1)) s" }
    return Units.format(milliseconds: Milliseconds((milliseconds / 1_000).rounded()) * 1_000)
  }

  static func bytes(_ count: Double) -> String {
    if count >= 1_073_741_824 { return "\(Numbers.brief(count / 1_073_741_824)) GiB" }
    if count >= 1_048_576 { return "\(Numbers.brief(count / 1_048_576, decimals: count < 104_857_600 ? 1 : 0)) MiB" }
    if count >= 1_024 { return "\(Numbers.brief(count / 1_024, decimals: 1)) KiB" }
    return "\(Numbers.text(count)) B"
  }

  /// `1,234`, and from 10,000 on `12 k` or `3.4 M`: where room is scarce.
  static func short(_ count: Int64) -> String {
    if count >= 9_950_000 { return "\(Numbers.text(Double(count) / 1_000_000)) M" }
    if count >= 999_500 { return "\(Numbers.brief(Double(count) / 1_000_000, decimals: 1)) M" }
    if count >= 9_950 { return "\(Numbers.text(Double(count) / 1_000)) k" }
    return Numbers.text(Double(count))
  }

  /// `2026-06-21 10:00:05`, universal time.
  static func instant(_ time: Milliseconds) -> String {
    let text = Units.format(instant: time)
    return "\(text.prefix(10)) \(text.dropFirst(11).prefix(8))"
  }

  /// `10:00`, with seconds when they count.
  static func clock(_ time: Milliseconds, step: Milliseconds) -> String {
    String(Units.format(instant: time).dropFirst(11).prefix(step % 60_000 == 0 ? 5 : 8))
  }

  /// A duration as people write it, no finer than a second where it is long.
  static func span(_ milliseconds: Milliseconds) -> String {
    Units.format(milliseconds: milliseconds >= 10_000 ? (milliseconds + 500) / 1_000 * 1_000 : milliseconds)
  }
}
