import Testing

@testable import FleetSpec
@testable import World

@Suite struct RadioTests {
  @Test func theBatteryIsFullestInTheAfternoon() {
    let fleet = Fleets.fleet()
    let site = Fleets.site(longitude: 0, cloudiness: 0)
    let place = SiteEnvironment(site: site, fleet: fleet, start: Fleets.start)
    func voltage(at time: Milliseconds, ambient: Double, seed: UInt64) -> Double {
      Battery.value(at: time, ambient: ambient, place: place, device: RandomEntity(seed: seed, entity: 3))
    }
    for seed in 0..<50 as Range<UInt64> {
      let dawn = voltage(at: Fleets.start + 4 * 3_600_000, ambient: 15, seed: seed)
      let afternoon = voltage(at: Fleets.start + 16 * 3_600_000, ambient: 15, seed: seed)
      #expect(afternoon > dawn + 0.2)
      #expect(dawn >= 3.0 && afternoon <= 4.2)
      #expect(voltage(at: Fleets.start, ambient: -30, seed: seed) < voltage(at: Fleets.start, ambient: 15, seed: seed))
    }
  }

  @Test func theSignalStaysWithinWhatAModemReports() {
    var levels: Set<Int> = []
    for seed in 0..<300 as Range<UInt64> {
      for minute in 0..<60 as Range<Int64> {
        let value = SignalStrength.value(at: Fleets.start + minute * 60_000, device: RandomEntity(seed: seed, entity: 3))
        #expect(value >= -113 && value <= -51)
        levels.insert(Int(value))
      }
    }
    #expect(levels.count > 40)
  }
}
