import FleetSpec

/// Dirt on the modules: it grows day by day, and rain washes it off.
///
/// Source: A. Kimber et al. (2006), "The effect of soiling on large grid-connected photovoltaic systems in California and the Southwest region
/// of the United States", IEEE 4th World Conference on Photovoltaic Energy Conversion, with the limits of pvlib's `soiling.kimber`: 6 mm on
/// a day clean the modules, and no more than 30 % is lost. Kimber's grace period after rain is left out.
struct Soiling: Sendable {
  static let cleaningRain = 6.0
  static let cap = 0.3
  /// Days after which even the slowest soiling has reached its cap or somebody has cleaned (engineering judgement).
  static let longest: Int64 = 365

  /// Days without cleaning rain before a day.
  static func dryDays(before day: Int64, rain: Rain) -> Int64 {
    var dry: Int64 = 0
    while dry < longest, rain.total(day: day - 1 - dry) < cleaningRain { dry += 1 }
    return dry
  }

  /// Share of the light that passes.
  static func factor(rate: Double, dryDays: Int64) -> Double { 1 - min(rate * Double(dryDays), cap) }
}
