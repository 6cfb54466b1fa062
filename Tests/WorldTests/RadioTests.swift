import Testing

@testable import FleetSpec
@testable import World

@Suite struct RadioTests {
  @Test func theBatteryIsFullestInTheAfternoon() {
    let fleet = Fleets.fleet()
    let site = Fleets.site(longitude: 0, cloudiness: 0)
    let clock = SunClock(fleet: fleet, start: Fleets.start, longitude: 0)
    for seed in 0..<50 as Range<UInt64> {
      let battery = Battery(site: site, clock: clock, seed: seed, entity: 3)
      let dawn = battery.value(at: Fleets.start + 4 * 3_600_000, ambient: 15)
      let afternoon = battery.value(at: Fleets.start + 16 * 3_600_000, ambient: 15)
      #expect(afternoon > dawn + 0.2)
      #expect(dawn >= 3.0 && afternoon <= 4.2)
      #expect(battery.value(at: Fleets.start, ambient: -30) < battery.value(at: Fleets.start, ambient: 15))
    }
  }

  @Test func theSignalStaysWithinWhatAModemReports() {
    var levels: Set<Int> = []
    for seed in 0..<300 as Range<UInt64> {
      let signal = SignalStrength(seed: seed, entity: 3)
      for minute in 0..<60 as Range<Int64> {
        let value = signal.value(at: Fleets.start + minute * 60_000)
        #expect(value >= -113 && value <= -51)
        levels.insert(Int(value))
      }
    }
    #expect(levels.count > 40)
  }
}
