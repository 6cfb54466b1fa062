/// Makes the model of what goes wrong with a sensor from values without errors.
enum SensorDecoder {
  static func troubles(_ value: ObjectValue, of sensor: Sensor) -> SensorTroubles {
    func number(_ value: Value) -> Double? {
      value.sensorValue.flatMap { SensorUnits.convert($0.number, from: $0.unit, to: sensor.unit, of: sensor.quantity) }
    }
    var troubles = SensorTroubles()
    troubles.flickerNoise = value.required("flicker_noise", number)
    troubles.randomWalk = value.required("random_walk", number)
    troubles.lag = value.required("lag", \.duration)
    troubles.stuck = OutageDecoder.outages(value["stuck"])
    troubles.spikes = value.required("spikes", \.number)
    let size = value.required("spike_size", number)
    // Without spikes their size says nothing, and must not make a sensor look troubled.
    if troubles.spikes > 0 { troubles.spikeSize = size > 0 ? size : (sensor.maximum - sensor.minimum) / 2 }
    troubles.dropout = value.required("dropout", \.number)
    troubles.dropouts = OutageDecoder.outages(value["dropouts"])
    troubles.life = value["death"]?.duration ?? 0
    if troubles.life > 0 { troubles.dying = value.required("dying", \.duration) }
    troubles.recalibration = value["recalibrate"]?.duration ?? 0
    troubles.counter = value["counter"]?.object.map { counter($0, number) }
    return troubles
  }

  private static func counter(_ value: ObjectValue, _ number: (Value) -> Double?) -> CounterRegister {
    var counter = CounterRegister()
    counter.bits = value["bits"]?.integer ?? 0
    counter.wraps = value.required("wraps", \.boolean)
    counter.step = value.required("step", number)
    counter.reset = value.required("reset") { $0.text.flatMap(CounterRegister.Reset.init(rawValue:)) }
    counter.resetSkew = value.required("reset_skew", \.duration)
    counter.ignoresDaylightSaving = value.required("ignores_dst", \.boolean)
    counter.zeroAtBoot = value.required("zero_at_boot", \.integer)
    counter.beginsAt = value["begins_at"].flatMap(number)
    return counter
  }

  static func malformedKinds(_ entries: [Value.Entry]) -> [MalformedWeight] {
    // In the order of the enumeration, so that the order of keys in a file changes nothing.
    MalformedKind.allCases.compactMap { kind in
      guard let weight = entries.first(where: { $0.key == kind.rawValue })?.value.number, weight > 0 else { return nil }
      return MalformedWeight(kind, weight)
    }
  }
}
