import Testing

@testable import FleetSpec
@testable import World

@Suite struct SensorDesignTests {
  /// The sensor of one device.
  struct Instance {
    let design: SensorDesign
    let device: RandomEntity

    func measure(_ value: Double, ordinal: UInt64, elapsed: Milliseconds) -> (value: Int64, quality: Quality) {
      var memory = SensorMemory()
      let sample = SensorSample(
        device: device, time: Fleets.start + elapsed, elapsed: elapsed, sinceLast: 0, ordinal: ordinal, boot: 1, version: 0,
        ambientTemperature: 25, place: SensorDesignTests.place)
      let shown = design.measure(value, sample, &memory)
      return (shown.value, shown.quality)
    }
  }

  static let place = World(fleet: Fleets.fleet(), start: Fleets.start).places[0]

  static func model(_ sensor: Sensor, seed: UInt64 = 1) -> Instance {
    Instance(design: SensorDesign(sensor, index: 0, start: Fleets.start, slots: SensorSlots()), device: RandomEntity(seed: seed, entity: 5))
  }

  @Test func roundsHalfAwayFromZeroToItsDecimals() {
    let exact = SensorDesignTests.model(Fleets.sensor(.ambientTemperature, .temperature, "degC", decimals: 1, -50...50, gain: 0))
    #expect(exact.measure(12.25, ordinal: 0, elapsed: 0).value == 123)
    #expect(exact.measure(-12.25, ordinal: 0, elapsed: 0).value == -123)
    #expect(exact.measure(12.24, ordinal: 0, elapsed: 0).value == 122)
    #expect(exact.measure(0, ordinal: 0, elapsed: 0) == (0, .good))
  }

  @Test func saturatesAtItsLimits() {
    let exact = SensorDesignTests.model(Fleets.sensor(.ambientTemperature, .temperature, "degC", decimals: 1, -50...50, gain: 0))
    #expect(exact.measure(60, ordinal: 0, elapsed: 0) == (500, .outOfRange))
    #expect(exact.measure(-60, ordinal: 0, elapsed: 0) == (-500, .outOfRange))
    #expect(exact.measure(50, ordinal: 0, elapsed: 0) == (500, .good))
    #expect(exact.measure(.nan, ordinal: 0, elapsed: 0).quality == .sensorFault)
  }

  @Test func noiseAloneNeverMakesAValueOutOfRange() {
    let sensor = SensorDesignTests.model(Fleets.sensor(.globalIrradiance, .other, "W/m2", decimals: 1, 0...1500, noise: 2))
    for ordinal in 0..<10_000 as Range<UInt64> {
      let shown = sensor.measure(0, ordinal: ordinal, elapsed: 0)
      #expect(shown.quality == .good && shown.value >= 0)
    }
  }

  @Test func anOpenRelayShowsExactlyZero() {
    let sensor = SensorDesignTests.model(Fleets.sensor(.acPower, .power, "W", decimals: 1, 0...9000, offset: 5, noise: 20))
    for ordinal in 0..<1000 as Range<UInt64> {
      #expect(sensor.measure(0, ordinal: ordinal, elapsed: 1_000_000) == (0, .good))
    }
  }

  @Test func errorsHaveTheirStandardDeviations() {
    let sensor = Fleets.sensor(.ambientTemperature, .temperature, "degC", decimals: 4, -500...500, gain: 0.01, offset: 0.5)
    let drifting = Fleets.sensor(.ambientTemperature, .temperature, "degC", decimals: 4, -500...500, gain: 0, drift: 2)
    let year: Milliseconds = 31_556_926_080
    var constant = 0.0
    var drift = 0.0
    let count = 20_000
    for seed in 0..<UInt64(count) {
      let error = Double(SensorDesignTests.model(sensor, seed: seed).measure(100, ordinal: 0, elapsed: 0).value) / 1e4 - 100
      constant += error * error
      let drifted = Double(SensorDesignTests.model(drifting, seed: seed).measure(100, ordinal: 0, elapsed: year).value) / 1e4 - 100
      drift += drifted * drifted
    }
    // Gain 1 % of 100 and offset 0.5, independent of each other.
    #expect(abs((constant / Double(count)).squareRoot() - 1.25.squareRoot()) < 0.03)
    #expect(abs((drift / Double(count)).squareRoot() - 2) < 0.05)
  }

  @Test func whiteNoiseDiffersFromSampleToSample() {
    let sensor = SensorDesignTests.model(
      Fleets.sensor(.ambientTemperature, .temperature, "degC", decimals: 4, -500...500, gain: 0, noise: 0.3))
    var square = 0.0
    for ordinal in 0..<20_000 as Range<UInt64> {
      let error = Double(sensor.measure(20, ordinal: ordinal, elapsed: 0).value) / 1e4 - 20
      square += error * error
    }
    #expect(abs((square / 20_000).squareRoot() - 0.3) < 0.01)
  }

  @Test(arguments: [("W", 5_000_000), ("kW", 5_000), ("MW", 5)]) func unitsAreConverted(unit: String, expected: Int64) {
    let sensor = SensorDesignTests.model(Fleets.sensor(.acPower, .power, unit, decimals: 3, 0...1e6, gain: 0))
    #expect(sensor.measure(5000, ordinal: 0, elapsed: 0).value == expected)
    let kelvin = SensorDesignTests.model(Fleets.sensor(.moduleTemperature, .temperature, "K", decimals: 2, 0...1000, gain: 0))
    #expect(kelvin.measure(20, ordinal: 0, elapsed: 0).value == 29_315)
  }
}
