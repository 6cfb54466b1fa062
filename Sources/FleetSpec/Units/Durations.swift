extension Units {
  private static let durationUnits: [(symbols: [String], factor: Double)] = [
    (["ms"], 1), (["s"], 1000), (["m", "min"], 60_000), (["h"], 3_600_000), (["d"], 86_400_000), (["y"], 31_557_600_000),
  ]
  static let durationExpectation = "a duration such as 250ms, 90s, 15m, 1h 30m or 2d"

  /// Reads `90s`, `15m`, `1h 30m`, `250ms`, `2d` or `0`. Units are ms, s, m (or min), h, d and y (365.25 days).
  ///
  /// - Returns: Milliseconds, never negative.
  /// - Throws: `FormatError` for anything else, also for a number without a unit and for parts of a millisecond.
  public static func duration(_ text: String) throws(FormatError) -> Milliseconds {
    var rest = trim(text)
    guard let first = split(rest) else { throw FormatError("not a duration", expected: durationExpectation) }
    guard first.number >= 0, !rest.hasPrefix("-") else { throw FormatError("negative", expected: durationExpectation) }
    if first.rest.isEmpty {
      if first.number == 0 { return 0 }
      let suggestion = "did you mean '\(format(first.number))s'?"
      throw FormatError("a number without a unit", expected: durationExpectation, suggestion: suggestion)
    }
    var total = 0.0
    while !rest.isEmpty {
      guard let part = split(rest), part.number >= 0 else {
        throw FormatError("not a duration", expected: durationExpectation)
      }
      let symbol = String(part.rest.prefix { $0.isLetter || $0 == "µ" })
      guard let unit = durationUnits.first(where: { $0.symbols.contains(symbol) }) else {
        throw unknown(symbol, number: part.number)
      }
      total += part.number * unit.factor
      rest = trim(part.rest.dropFirst(symbol.count))
    }
    guard total < 9e15 else { throw FormatError("longer than can be counted", expected: durationExpectation) }
    guard abs(total - total.rounded()) < 1e-6 * max(1, total * 1e-6) else {
      throw FormatError("finer than a millisecond", expected: durationExpectation)
    }
    return Milliseconds(total.rounded())
  }

  private static func unknown(_ symbol: String, number: Double) -> FormatError {
    if symbol.isEmpty { return FormatError("a number without a unit", expected: durationExpectation) }
    let words = ["sec": "s", "secs": "s", "second": "s", "seconds": "s", "mins": "m", "minute": "m", "minutes": "m", "hour": "h"]
    let more = ["hours": "h", "hr": "h", "hrs": "h", "day": "d", "days": "d", "millis": "ms", "msec": "ms"]
    let short = words[symbol.lowercased()] ?? more[symbol.lowercased()]
    return FormatError(
      "with the unknown unit '\(symbol)'", expected: "\(durationExpectation) (units ms, s, m, h, d)",
      suggestion: short.map { "did you mean '\(format(number))\($0)'?" })
  }

  /// Reads `5s..30s`; a single duration stands for both ends.
  public static func durationRange(_ text: String) throws(FormatError) -> DurationRange {
    let expected = "a range of durations such as 5s..30s"
    guard let dots = text.firstRange(of: "..") else {
      let both = try rethrow(text, expected)
      return DurationRange(lower: both, upper: both)
    }
    let lower = try rethrow(text[..<dots.lowerBound], expected)
    let upper = try rethrow(text[dots.upperBound...], expected)
    guard lower <= upper else {
      let swapped = "did you mean '\(format(milliseconds: upper))..\(format(milliseconds: lower))'?"
      throw FormatError("a range that ends before it begins", expected: expected, suggestion: swapped)
    }
    return DurationRange(lower: lower, upper: upper)
  }

  private static func rethrow(_ text: some StringProtocol, _ expected: String) throws(FormatError) -> Milliseconds {
    do {
      return try duration(trim(text))
    } catch {
      throw FormatError(error.problem, expected: expected)
    }
  }

  /// Prints a duration as people write it: `1h 30m`, `90s` as `1m 30s`, `250ms`, 0 as `0s`. `duration(_:)` reads it back.
  public static func format(milliseconds: Milliseconds) -> String {
    guard milliseconds != 0 else { return "0s" }
    let sign = milliseconds < 0 ? "-" : ""
    var rest = milliseconds.magnitude
    var parts: [String] = []
    for (symbol, size) in [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1)] as [(String, UInt64)] {
      if rest >= size { parts.append("\(rest / size)\(symbol)") }
      rest %= size
    }
    return sign + parts.joined(separator: " ")
  }
}
