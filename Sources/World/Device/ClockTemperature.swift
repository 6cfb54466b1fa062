import FleetSpec
import Glibc

/// The warmth that makes a crystal slow: the square of the distance from 25 degrees, by season and hour of the day. Weather evens out over
/// the hours and days between two synchronisations, and is left out.
struct ClockTemperature: Sendable {
  private let ambient: AmbientTemperature
  private let clock: SunClock

  static let turnover = 25.0
  private static let year = 365.2422 * 86_400_000

  init(_ place: SiteEnvironment) {
    ambient = place.temperature
    clock = place.clock
  }

  /// The integral of (T - 25)^2 over time, in K2 ms.
  func squares(from: Milliseconds, to: Milliseconds) -> Double { integral(to) - integral(from) }

  /// The square of m + a cos(season) - 25 and half the square of the daily amplitude, integrated in closed form.
  private func integral(_ time: Milliseconds) -> Double {
    let years = clock.years(at: time)
    let angle = 2 * Double.pi * (years - AmbientTemperature.warmest)
    let distance = ambient.yearlyMean - ClockTemperature.turnover
    let amplitude = ambient.yearlyAmplitude
    let daily = ambient.dailyAmplitude
    let constant = (distance * distance + amplitude * amplitude / 2 + daily * daily / 2) * years
    let wave = 2 * distance * amplitude * sin(angle) / (2 * .pi)
    let doubled = amplitude * amplitude / 2 * sin(2 * angle) / (4 * .pi)
    return (constant + wave + doubled) * ClockTemperature.year
  }
}
