import Testing

@testable import FleetSpec
@testable import World

@Suite struct DeviceClockModelTests {
  static let place = SiteEnvironment(site: Fleets.site(), fleet: Fleets.fleet(), start: Fleets.start)

  static func errors(_ clock: DeviceClock, after elapsed: Milliseconds) -> [Double] {
    (0..<5000 as Range<UInt64>).map { seed in
      let model = DeviceClockModel(clock, start: Fleets.start)
      return Double(timestamp(model, Fleets.start + elapsed, seed) - Fleets.start - elapsed)
    }
  }

  static func timestamp(_ model: DeviceClockModel, _ time: Milliseconds, _ seed: UInt64) -> Milliseconds {
    model.reading(at: time, of: RandomEntity(seed: seed, entity: 1), boot: 1, setAt: .min, place: place).timestamp
  }

  static func deviation(_ values: [Double]) -> Double {
    (values.reduce(0) { $0 + $1 * $1 } / Double(values.count)).squareRoot()
  }

  @Test func aPerfectClockShowsTrueTime() {
    let clock = DeviceClock(offset: 0, driftPPM: 0, synchronisation: 3_600_000)
    #expect(DeviceClockModelTests.errors(clock, after: 123_456_789).allSatisfy { $0 == 0 })
  }

  @Test func theErrorIsTheOffsetAtFirstAndGrowsWithTheRate() {
    let unsynchronised = DeviceClock(offset: 500, driftPPM: 20, synchronisation: 0)
    #expect(abs(DeviceClockModelTests.deviation(DeviceClockModelTests.errors(unsynchronised, after: 0)) - 500) < 20)
    // 20 ppm over ten days are 17.28 s.
    let late = DeviceClockModelTests.deviation(DeviceClockModelTests.errors(unsynchronised, after: 10 * Fleets.day))
    #expect(abs(late - 17_287) < 600)
  }

  @Test func synchronisationBoundsTheError() {
    let clock = DeviceClock(offset: 100, driftPPM: 20, synchronisation: Fleets.day)
    for elapsed in [0, Fleets.day, 300 * Fleets.day + 12_345] {
      // The rate error has acted for a uniformly distributed part of a day: sqrt(100^2 + 1728^2 / 3).
      let deviation = DeviceClockModelTests.deviation(DeviceClockModelTests.errors(clock, after: elapsed))
      #expect(abs(deviation - 1002.7) < 60)
    }
  }

  @Test func stepsBackwardsWhenASynchronisationCorrectsAFastClock() {
    let clock = DeviceClock(offset: 0, driftPPM: 100, synchronisation: Fleets.day)
    var backwards = 0
    for seed in 0..<20 as Range<UInt64> {
      let model = DeviceClockModel(clock, start: Fleets.start)
      var last = Milliseconds.min
      for second in stride(from: 1000, through: Fleets.day, by: 1000) {
        let now = DeviceClockModelTests.timestamp(model, Fleets.start + second, seed)
        if now < last { backwards += 1 }
        last = now
      }
    }
    #expect(backwards > 3 && backwards <= 20)
  }
}
