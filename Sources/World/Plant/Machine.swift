import FleetSpec
import Glibc

/// A pump with its motor, for fleets that are not about the sun: it runs by day and rests by night, and all its values follow its load.
///
/// Engineering judgement: 1,480 rpm as of a four-pole motor at 50 Hz with slip, 120 l/min, 38 Nm, and 2.3 mm/s of vibration, which ISO 10816-3
/// calls good.
struct Machine: Sendable {
  struct State: Sendable, Equatable {
    var rotation = 0.0
    var torque = 0.0
    var flow = 0.0
    var vibration = 0.0
  }

  static func state(at time: Milliseconds, of device: RandomEntity, hour: Double) -> State {
    guard hour >= 6 && hour < 20 else { return State(rotation: 0, torque: 0, flow: 0, vibration: 0.05) }
    let noise = NoiseField(stream: device.stream(StreamNumber.machineLoad), period: 1_200_000, octaves: 3, ratio: 8, persistence: 0.5)
    var cache = NoiseCache()
    let load = min(max(0.8 + 0.1 * noise.value(at: time, &cache), 0.2), 1.2)
    let wear = exp(0.25 * device.stream(StreamNumber.machineWear).normal(0))
    return State(rotation: 1500 - 20 * load, torque: 38 * load, flow: 120 * load, vibration: 2.3 * wear * (0.6 + 0.4 * load))
  }
}
