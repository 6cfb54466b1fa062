import FleetSpec

/// Single readings that jump away: disturbed analogue lines, torn frames on a bus (engineering judgement).
struct Spikes: Sendable {
  let probability: Double
  /// Mean distance from the true value.
  let size: Double

  /// What a reading is off by, or nil when it is sound.
  /// - Parameter index: of the sample.
  func jump(_ draws: RandomStream, _ sizes: RandomStream, index: UInt64) -> Double? {
    guard probability > 0, draws.uniform(index) < probability else { return nil }
    // Half to one and a half times the size, up or down: -1...1 without the middle.
    let draw = 2 * sizes.uniform(index) - 1
    return size * (draw < 0 ? draw - 0.5 : draw + 0.5)
  }
}
