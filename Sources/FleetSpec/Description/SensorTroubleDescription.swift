/// The keys of a sensor that say what goes wrong with it.
extension SensorDescription {
  static let troubles: [Field] = [
    Field(
      "temperature_coefficient", .number(.perKelvin, 0...0.1, "100 ppm/K"), .standard("0 ppm/K"),
      "Standard deviation over devices of the relative change of the shown value per kelvin of ambient temperature, around 25 degrees."),
    Field("flicker_noise", .sensorNumber, .standard("0"), "Standard deviation of 1/f noise, from 8 s to 2 days."),
    Field(
      "random_walk", .sensorRate, .standard("0"),
      "Standard deviation over devices of the random walk after one year; it grows with the root of time."),
    Field("lag", .duration(0...Limits.day), .standard("0s"), "Time constant with which the sensor follows the true value."),
    Field(
      "stuck", .objectOrNone(OutageDescription.outages), .standard("none"),
      "Episodes in which the sensor goes on showing the value from before."),
    Field("spikes", .share, .standard("0 %"), "Readings that jump far away, for one sample."),
    Field(
      "spike_size", .sensorNumber, .standard("0"),
      "How far spikes reach: half as far to one and a half times as far, up or down. 0 stands for half of the range."),
    Field("dropout", .share, .standard("0 %"), "Samples in which the sensor makes no reading."),
    Field(
      "dropouts", .objectOrNone(OutageDescription.outages), .standard("none"), "Episodes in which the sensor makes no readings."),
    Field(
      "death", .keyword("never", or: .duration(Limits.hour...1000 * Limits.year)), .standard("never"),
      "Mean time from the start of the run until the sensor begins to die; exponentially distributed."),
    Field(
      "dying", .duration(Limits.second...10 * Limits.year), .standard("30d"),
      "How long dying takes: noise grows, the gain falls, and in the end the sensor shows 0 with the quality SENSOR_FAULT."),
    Field(
      "recalibrate", .keyword("never", or: .duration(Limits.hour...100 * Limits.year)), .standard("never"),
      "Time between two recalibrations; each takes away linear drift and random walk."),
    Field("counter", .object(counter), .optional, "How the device keeps the register, for quantities that are counters."),
  ]

  static let counter = ObjectShape(
    name: "counter", noun: "a counter",
    documentation:
      "A register as SunSpec's acc32 is one: it counts in steps, rolls over, and is reset in the ways that field reports tell of.",
    fields: [
      Field("bits", .keyword("unlimited", or: .integer(8...52)), .standard("32"), "Width of the register."),
      Field("wraps", .boolean, .standard("true"), "Whether it begins from 0 again when it is full; else it stays full."),
      Field("step", .sensorNumber, .standard("1 Wh"), "What one count stands for."),
      Field("reset", .words(CounterRegister.Reset.self), .standard("never"), "When the firmware sets it to 0."),
      Field(
        "reset_skew", .duration(0...12 * Limits.hour), .standard("0s"), "How long after local midnight the daily reset comes, such as 7m."),
      Field(
        "ignores_dst", .boolean, .standard("false"),
        "Whether the daily reset knows nothing of summer time, and comes an hour late in summer."),
      Field(
        "zero_at_boot", .integer(0...10_000), .standard("0"), "How many samples after a reboot show 0 before the real value is there."),
      Field(
        "begins_at", .sensorNumber, .optional,
        "What the register shows at the start of the run; by default what the plant's age has left on it."),
    ])
}
