import Glibc

/// A vertical axis: limits at round numbers, and ticks at 1, 2 or 5 times a power of ten.
package struct NumberScale: Sendable, Equatable {
  package let low: Double
  package let high: Double
  package let step: Double

  /// - Parameters:
  ///   - range: of the data.
  ///   - startsAtZero: whether 0 belongs to the axis, as it does where the quantity has a natural nothing.
  ///   - ticks: about how many steps fit.
  package init(_ range: ClosedRange<Double>, startsAtZero: Bool, ticks: Int) {
    var lower = startsAtZero ? min(0, range.lowerBound) : range.lowerBound
    var upper = startsAtZero ? max(0, range.upperBound) : range.upperBound
    if upper - lower < max(1e-9, abs(upper) * 1e-9) {
      let margin = max(abs(upper) * 0.01, 0.5)
      upper += margin
      if !(startsAtZero && lower == 0) { lower -= margin }
    }
    step = NumberScale.roundStep(atLeast: (upper - lower) / Double(max(1, ticks)))
    // A quarter of a step closer is close enough: limits need not be ticks.
    let quarter = step / 4
    low = (lower / quarter + 1e-9).rounded(.down) * quarter
    high = (upper / quarter - 1e-9).rounded(.up) * quarter
  }

  private static func roundStep(atLeast least: Double) -> Double {
    let power = pow(10, log10(least).rounded(.down))
    for factor in [1.0, 2, 5] where factor * power >= least * 0.999 { return factor * power }
    return 10 * power
  }

  package var ticks: [Double] {
    let first = Int((low / step - 1e-6).rounded(.up))
    let last = Int((high / step + 1e-6).rounded(.down))
    return first <= last ? (first...last).map { Double($0) * step } : []
  }

  /// Decimal places that tell one tick from the next.
  package var decimals: Int { max(0, Int(-(log10(step) + 1e-9).rounded(.down))) }

  package func y(_ value: Double, in frame: Frame) -> Double {
    frame.bottom - (value - low) / (high - low) * frame.height
  }
}

/// Numbers for people.
package enum Numbers {
  /// With a fixed number of decimals and a comma between groups of three digits: `12,345.6`.
  package static func text(_ value: Double, decimals: Int = 0) -> String {
    guard value.isFinite, abs(value) < 9e15 else { return "\(value)" }
    let scale = pow(10, Double(decimals))
    let scaled = (abs(value) * scale).rounded()
    guard scaled < 9e18 else { return "\(value)" }
    let digits = UInt64(scaled)
    let unit = UInt64(scale)
    var result = grouped(digits / unit)
    if decimals > 0 {
      let rest = String(digits % unit)
      result += "." + String(repeating: "0", count: decimals - rest.utf8.count) + rest
    }
    return value < 0 && digits > 0 ? "-" + result : result
  }

  /// With at most `decimals` decimals, and none that say nothing.
  package static func brief(_ value: Double, decimals: Int = 2) -> String {
    var result = text(value, decimals: decimals)
    guard result.contains(".") else { return result }
    while result.hasSuffix("0") { result.removeLast() }
    if result.hasSuffix(".") { result.removeLast() }
    return result
  }

  package static func count(_ value: Int) -> String { text(Double(value)) }

  private static func grouped(_ value: UInt64) -> String {
    var result = ""
    let digits = String(value)
    for (index, digit) in digits.enumerated() {
      if index > 0 && (digits.utf8.count - index) % 3 == 0 { result.append(",") }
      result.append(digit)
    }
    return result
  }
}

/// A unit and the larger one in which an axis reads better.
package struct AxisUnit: Sendable, Equatable {
  package let label: String
  package let factor: Double

  /// - Parameters:
  ///   - unit: of the data.
  ///   - magnitude: the largest absolute value.
  package init(_ unit: String, magnitude: Double) {
    let base = unit.hasPrefix("k") ? String(unit.dropFirst()) : unit
    let scale = unit.hasPrefix("k") ? 1e3 : 1
    guard ["W", "Wh", "VA", "VAr", "var"].contains(base) else {
      (label, factor) = (AxisUnit.pretty(unit), 1)
      return
    }
    let steps: [(prefix: String, size: Double)] = [("G", 1e9), ("M", 1e6), ("k", 1e3), ("", 1)]
    // Half a megawatt reads better as 0.5 MW than as 500 kW beside its larger neighbours.
    let step = steps.first { magnitude * scale >= 0.5 * $0.size } ?? ("", 1)
    (label, factor) = (step.prefix + base, scale / step.size)
  }

  package static func pretty(_ unit: String) -> String {
    switch unit {
    case "degC": "°C"
    case "W/m2": "W/m²"
    case "deg": "°"
    case "1": ""
    default: unit
    }
  }
}

extension Numbers {
  package static func power(ofTen exponent: Int) -> Double { (0..<max(0, exponent)).reduce(1.0) { value, _ in value * 10 } }

  /// As a machine reads it: no commas.
  package static func plain(_ value: Double, _ decimals: Int) -> String { text(value, decimals: decimals).filter { $0 != "," } }
}
