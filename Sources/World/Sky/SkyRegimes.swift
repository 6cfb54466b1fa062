import FleetSpec

/// Whether the sky over a site is clear, broken or overcast: a Markov chain with a step of half an hour.
///
/// Markov chains of cloud regimes: J. M. Bright et al. (2015), "Stochastic generation of synthetic minutely irradiance time series derived
/// from mean hourly weather observation data", Solar Energy 115. Here the chain moves between neighbouring regimes only, by the
/// Metropolis rule, so that its stationary shares follow from the site's cloudiness; how long regimes last (hours) is engineering judgement.
/// Each day begins anew from the stationary shares, so that any instant can be looked at without the ones before.
struct SkyRegimes: Sendable {
  enum Regime: UInt8, Sendable, CaseIterable { case clear, broken, overcast }

  static let step: Milliseconds = 1_800_000
  static let stepsPerDay = 48
  /// The chance to attempt a move to either side.
  private static let mobility = 0.2

  /// Share of the time in each regime.
  let shares: (clear: Double, broken: Double, overcast: Double)
  /// Share of the sky under cloud while it is broken.
  static let brokenCover = 0.5
  private let random: RandomEntity

  /// - Parameter cloudiness: share of the time under cloud, 0...1.
  init(cloudiness: Double, random: RandomEntity) {
    // So many broken hours, up to half of all, that clear and overcast ones are never negative.
    let broken = min(2 * cloudiness * (1 - cloudiness), 2 * cloudiness, 2 * (1 - cloudiness))
    shares = (1 - cloudiness - broken / 2, broken, cloudiness - broken / 2)
    self.random = random
  }

  /// The regimes of one day.
  struct Day: Sendable {
    var number = Int64.min
    fileprivate var states = InlineArray<48, Regime>(repeating: .clear)

    subscript(step: Int) -> Regime { states[step] }
  }

  /// - Parameter number: days since 1970 by the site's solar time.
  func day(_ number: Int64) -> Day {
    var day = Day()
    day.number = number
    let first = random.stream(StreamNumber.regimeOfMorning).uniform(UInt64(bitPattern: number))
    var state: Regime = first < shares.clear ? .clear : first < shares.clear + shares.broken ? .broken : .overcast
    let moves = random.stream(StreamNumber.regimeMoves)
    for step in 0..<SkyRegimes.stepsPerDay {
      if step > 0 { state = next(after: state, moves.uniform(UInt64(bitPattern: number &* 48 &+ Int64(step)))) }
      day.states[step] = state
    }
    return day
  }

  /// The share of the sky under cloud, on average over half a day.
  /// - Parameter number: even numbers `2 * day` from 9:00 to 21:00 solar time of that day, odd ones the night after it.
  func cover(halfDay number: Int64) -> Double {
    let start = number * 24 + 18
    var today = Day()
    var sum = 0.0
    for step in start..<start + 24 {
      let inside = (step % 48 + 48) % 48
      let number = (step - inside) / 48
      if today.number != number { today = day(number) }
      switch today[Int(inside)] {
      case .clear: break
      case .broken: sum += SkyRegimes.brokenCover
      case .overcast: sum += 1
      }
    }
    return sum / 24
  }

  /// The chance to change from one regime to another within a step.
  func probability(from: Regime, to: Regime) -> Double {
    guard abs(Int(from.rawValue) - Int(to.rawValue)) == 1 else { return 0 }
    let here = share(of: from)
    return here > 0 ? SkyRegimes.mobility * min(1, share(of: to) / here) : 0
  }

  func share(of regime: Regime) -> Double {
    switch regime {
    case .clear: shares.clear
    case .broken: shares.broken
    case .overcast: shares.overcast
    }
  }

  private func next(after state: Regime, _ draw: Double) -> Regime {
    switch state {
    case .clear: return draw < probability(from: .clear, to: .broken) ? .broken : .clear
    case .overcast: return draw < probability(from: .overcast, to: .broken) ? .broken : .overcast
    case .broken:
      let clearing = probability(from: .broken, to: .clear)
      if draw < clearing { return .clear }
      return draw < clearing + probability(from: .broken, to: .overcast) ? .overcast : .broken
    }
  }
}
