import Glibc

/// A module as a source of current beside a diode, with a resistance in parallel and one in series.
///
/// Source: W. De Soto, S. A. Klein, W. A. Beckman (2006), "Improvement and validation of a model for photovoltaic array performance", Solar
/// Energy 80, as in pvlib's `pvsystem.calcparams_desoto` and `pvsystem.singlediode`.
///
/// Everything is worked out over the voltage across the diode: current and voltage at the terminals follow from it directly, so that the
/// maximum power point is the zero of one smooth function, and no equation has to be solved within another.
struct SingleDiode: Sendable {
  /// Amperes at 1,000 W/m2 and 25 degrees Celsius.
  let lightCurrent: Double
  /// Amperes per kelvin.
  let lightCurrentPerKelvin: Double
  let saturationCurrent: Double
  let seriesResistance: Double
  let shuntResistance: Double
  /// The modified ideality factor at 25 degrees Celsius, volts.
  let ideality: Double

  /// A module of 72 monocrystalline cells with 370 W, LONGi LR6-72PH-370M, from the CEC's list (NREL SAM, 2018.11.11).
  static let typical = SingleDiode(
    lightCurrent: 9.945143, lightCurrentPerKelvin: 0.003739, saturationCurrent: 3.506512e-11, seriesResistance: 0.355582,
    shuntResistance: 524.106995, ideality: 1.832211)
  /// What the typical module gives at 1,000 W/m2 and 25 degrees Celsius: watts, and volts.
  static let typicalPower = 369.965998028
  static let typicalVoltage = 39.399997725

  struct Point: Sendable, Equatable {
    var power = 0.0
    var voltage = 0.0
  }

  /// The diode at one irradiance and temperature.
  private struct State {
    var light: Double
    var saturation: Double
    var shunt: Double
    var thermal: Double
  }

  private static let boltzmann = 8.617333262145e-5
  private static let bandGap = 1.121
  private static let bandGapPerKelvin = -0.0002677
  private static let reference = 298.15

  private func state(irradiance: Double, cellTemperature: Double) -> State {
    let kelvin = cellTemperature + 273.15
    let ratio = kelvin / SingleDiode.reference
    let gap = SingleDiode.bandGap * (1 + SingleDiode.bandGapPerKelvin * (kelvin - SingleDiode.reference))
    let exponent = SingleDiode.bandGap / (SingleDiode.boltzmann * SingleDiode.reference) - gap / (SingleDiode.boltzmann * kelvin)
    return State(
      light: irradiance / 1000 * (lightCurrent + lightCurrentPerKelvin * (kelvin - SingleDiode.reference)),
      saturation: saturationCurrent * ratio * ratio * ratio * exp(exponent), shunt: shuntResistance * 1000 / irradiance,
      thermal: ideality * ratio)
  }

  /// Volts without a load.
  /// - Parameters: W/m2 that reach the cells, and degrees Celsius of the cells.
  func openCircuitVoltage(irradiance: Double, cellTemperature: Double) -> Double {
    guard irradiance > 0 else { return 0 }
    let state = state(irradiance: irradiance, cellTemperature: cellTemperature)
    return root(from: state.thermal * log(1 + state.light / state.saturation)) { volts in
      let diode = state.saturation * exp(volts / state.thermal)
      return (state.light - diode + state.saturation - volts / state.shunt, -diode / state.thermal - 1 / state.shunt)
    }
  }

  /// Where the module gives most.
  /// - Parameters: W/m2 that reach the cells, and degrees Celsius of the cells.
  func maximumPower(irradiance: Double, cellTemperature: Double) -> Point {
    guard irradiance > 0 else { return Point() }
    let state = state(irradiance: irradiance, cellTemperature: cellTemperature)
    let open = state.thermal * log(1 + state.light / state.saturation)
    // With v across the diode, i = light - diode(v) - v/shunt flows and v - i r is left at the terminals: power p = i v - i^2 r.
    let volts = root(from: open - state.thermal * log(1 + open / state.thermal)) { volts in
      let diode = state.saturation * exp(volts / state.thermal)
      let current = state.light - diode + state.saturation - volts / state.shunt
      let slope = -diode / state.thermal - 1 / state.shunt
      let curvature = -diode / (state.thermal * state.thermal)
      let lift = volts - 2 * current * seriesResistance
      return (current + slope * lift, slope + curvature * lift + slope * (1 - 2 * slope * seriesResistance))
    }
    let current = state.light - state.saturation * (exp(volts / state.thermal) - 1) - volts / state.shunt
    let terminal = volts - current * seriesResistance
    return Point(power: max(0, current * terminal), voltage: max(0, terminal))
  }

  /// The zero of a function that is given with its slope, by Newton's method.
  @inline(__always)
  private func root(from start: Double, _ function: (Double) -> (value: Double, slope: Double)) -> Double {
    var volts = start
    for _ in 0..<20 {
      let (value, slope) = function(volts)
      let step = value / slope
      volts -= step
      if abs(step) < 1e-10 { break }
    }
    return volts
  }
}
