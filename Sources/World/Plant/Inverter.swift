import FleetSpec

/// From DC to AC: part-load efficiency, clipping, derating in heat, orders of the grid operator, and a threshold below which it stays off.
///
/// Source of the curve: A. P. Dobos (2014), "PVWatts version 5 manual", NREL/TP-6A20-62641, section 10, as in pvlib's `inverter.pvwatts`. The
/// thresholds (1 % of the rated DC power to start, 0.6 % to stop) and the derating of 2.5 %/K are engineering judgement; data sheets state
/// 0.5 to 2 % and 2 to 5 %/K.
struct Inverter: Sendable {
  /// SunSpec model 103, register St.
  enum State: Int, Sendable {
    case off = 1
    case sleeping = 2
    case starting = 3
    case mppt = 4
    case throttled = 5
    case shuttingDown = 6
    case fault = 7
    case standby = 8

    /// Whether it is connected, even if it gives nothing yet.
    var isRunning: Bool { self == .mppt || self == .throttled || self == .starting }
  }

  struct Output: Sendable, Equatable {
    /// Watts drawn from the modules.
    var dc = 0.0
    /// Watts fed into the grid.
    var ac = 0.0
    var state = State.sleeping
  }

  private let ratedDC: Double
  private let ratedAC: Double
  private let efficiency: Double
  private let deratingFrom: Double
  private let powerFactor: Double

  private static let referenceEfficiency = 0.9637
  static let startUpShare = 0.01
  static let shutDownShare = 0.006
  static let deratingPerKelvin = 0.025
  /// Grid codes want the grid watched for a minute before an inverter feeds in (EN 50549-1); data sheets say up to two.
  static let startUpTime: Milliseconds = 120_000

  init(plant: PhotovoltaicPlant) {
    efficiency = plant.efficiency
    ratedAC = plant.acCapacity
    ratedDC = plant.acCapacity / plant.efficiency
    deratingFrom = plant.deratingFrom
    powerFactor = plant.powerFactor
  }

  /// AC watts at `dc` watts of DC, before any limit; pvlib's formula.
  func alternating(dc: Double) -> Double {
    let load = dc / ratedDC
    return efficiency / Inverter.referenceEfficiency * (-0.0162 * load - 0.0059 / load + 0.9858) * dc
  }

  /// DC watts that give `ac` watts of AC: the inverse of `alternating`, by its quadratic equation.
  func direct(ac: Double) -> Double {
    let curvature = 0.0162 / ratedDC
    let constant = 0.0059 * ratedDC + ac * Inverter.referenceEfficiency / efficiency
    return (0.9858 - max(0, 0.9858 * 0.9858 - 4 * curvature * constant).squareRoot()) / (2 * curvature)
  }

  /// - Parameters:
  ///   - available: watts of DC that could be drawn.
  ///   - ambient: degrees Celsius of the air.
  ///   - allowed: share of the AC capacity that the grid operator allows.
  ///   - isTripped: whether the inverter waits for the grid.
  ///   - isRunning: whether it ran at the sample before; a running inverter goes on where a sleeping one would not start.
  ///   - startsAtOnce: false when the sample shows the time in which it starts or shuts down.
  func convert(
    available: Double, ambient: Double, allowed: Double, isTripped: Bool, isRunning: Bool, startsAtOnce: Bool = true
  ) -> Output {
    if isTripped { return Output(dc: 0, ac: 0, state: available > 0 ? .fault : .sleeping) }
    let least = (isRunning ? Inverter.shutDownShare : Inverter.startUpShare) * ratedDC
    guard available >= least else {
      if isRunning && !startsAtOnce { return Output(dc: 0, ac: 0, state: .shuttingDown) }
      return Output(dc: 0, ac: 0, state: available > 0 ? .standby : .sleeping)
    }
    if !isRunning && !startsAtOnce { return Output(dc: 0, ac: 0, state: .starting) }
    let heat = max(0, 1 - Inverter.deratingPerKelvin * max(0, ambient - deratingFrom))
    // Reactive power takes its part of the rated apparent power.
    let limit = ratedAC * min(allowed, heat, powerFactor)
    let ac = alternating(dc: min(available, ratedDC))
    if ac <= limit && available <= ratedDC { return Output(dc: available, ac: max(0, min(ac, available)), state: .mppt) }
    guard ac > limit else { return Output(dc: ratedDC, ac: min(ac, ratedDC), state: .throttled) }
    // At its limit the inverter draws only what it can use.
    let dc = limit > 0 ? min(available, ratedDC, direct(ac: limit)) : 0
    return Output(dc: max(dc, limit), ac: limit, state: .throttled)
  }

  /// VAr at watts of AC.
  func reactivePower(ac: Double) -> Double { ac * max(0, 1 / (powerFactor * powerFactor) - 1).squareRoot() }
}
