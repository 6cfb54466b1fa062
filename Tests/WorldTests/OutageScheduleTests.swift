import Testing

@testable import FleetSpec
@testable import World

@Suite struct OutageScheduleTests {
  static func outages(_ schedule: OutageSchedule, until end: Milliseconds) -> [Outage] {
    var schedule = schedule
    var found: [Outage] = []
    while schedule.current.start < end {
      found.append(schedule.current)
      schedule.advance()
    }
    return found
  }

  @Test func withoutOutagesThereIsNone() {
    let world = World(fleet: Fleets.fleet(), start: Fleets.start)
    #expect(world.powerOutages(device: 0).current == .never)
    var network = world.networkOutages(device: 0)
    network.advance()
    #expect(network.current == .never)
  }

  @Test func ascendWithoutOverlapAndCoverBothCauses() {
    let own = Outages(every: 600_000, length: 60_000, spread: 1)
    let shared = Outages(every: 900_000, length: 120_000, spread: 0.5)
    for seed in 0..<20 as Range<UInt64> {
      let both = World(fleet: Fleets.fleet(seed: seed, profiles: [Fleets.profile(power: own)], sitePower: shared), start: Fleets.start)
      let ownOnly = World(fleet: Fleets.fleet(seed: seed, profiles: [Fleets.profile(power: own)]), start: Fleets.start)
      let sharedOnly = World(fleet: Fleets.fleet(seed: seed, sitePower: shared), start: Fleets.start)
      let end = Fleets.start + Fleets.day
      let merged = OutageScheduleTests.outages(both.powerOutages(device: 0), until: end)
      for (first, second) in zip(merged, merged.dropFirst()) {
        #expect(first.start < first.end && first.end < second.start)
      }
      let parts =
        OutageScheduleTests.outages(ownOnly.powerOutages(device: 0), until: end)
        + OutageScheduleTests.outages(sharedOnly.powerOutages(device: 0), until: end)
      for part in parts {
        #expect(merged.contains { $0.start <= part.start && part.end <= $0.end })
      }
      for outage in merged {
        #expect(parts.contains { $0.start == outage.start && $0.cause == outage.cause } && outage.start >= Fleets.start)
      }
    }
  }

  @Test func devicesOfASiteShareItsOutagesExactlyAndOtherSitesDoNot() {
    let shared = Outages(every: 3_600_000, length: 60_000, spread: 1)
    let fleet = Fleets.fleet(
      sites: [Fleets.site("a"), Fleets.site("b")], profiles: [Fleets.profile(), Fleets.profile("weather", plant: nil, sensors: [])],
      count: 4, sitePower: shared, siteNetwork: shared)
    let world = World(fleet: fleet, start: Fleets.start)
    let end = Fleets.start + 7 * Fleets.day
    var bySite: [[Outage]?] = [nil, nil]
    for (index, device) in world.devices.enumerated() {
      let power = OutageScheduleTests.outages(world.powerOutages(device: index), until: end)
      let network = OutageScheduleTests.outages(world.networkOutages(device: index), until: end)
      #expect(power != network)
      if let expected = bySite[device.site] { #expect(power == expected) }
      bySite[device.site] = power
    }
    #expect(bySite[0] != bySite[1])
  }

  @Test func gapsAndLengthsFollowTheirDistributions() {
    let every: Milliseconds = 3_600_000
    let own = Outages(every: every, length: 300_000, spread: 0.8)
    let world = World(fleet: Fleets.fleet(profiles: [Fleets.profile(network: own)], count: 40), start: Fleets.start)
    var gaps: [Double] = []
    var lengths: [Double] = []
    for device in world.devices.indices {
      var schedule = world.networkOutages(device: device)
      var last = Fleets.start
      for _ in 0..<500 {
        gaps.append(Double(schedule.current.start - last))
        lengths.append(Double(schedule.current.end - schedule.current.start))
        last = schedule.current.end
        schedule.advance()
      }
    }
    let mean = gaps.reduce(0, +) / Double(gaps.count)
    #expect(abs(mean / Double(every) - 1) < 0.03)
    // An exponential gap is longer than its mean with probability 1/e.
    #expect(abs(Double(gaps.count { $0 > Double(every) }) / Double(gaps.count) - 0.3679) < 0.015)
    lengths.sort()
    #expect(abs(lengths[lengths.count / 2] / 300_000 - 1) < 0.05)
    // One standard deviation of the logarithm above the median lies the 84.13th percentile: 300 s * e^0.8.
    #expect(abs(lengths[lengths.count * 8413 / 10_000] / 667_662 - 1) < 0.06)
  }

  @Test func hugeSettingsEndInsteadOfOverflowing() {
    let own = Outages(every: .max / 4, length: .max / 4, spread: 50)
    let world = World(fleet: Fleets.fleet(profiles: [Fleets.profile(power: own)]), start: Fleets.start)
    var schedule = world.powerOutages(device: 0)
    for _ in 0..<100_000 { schedule.advance() }
    #expect(schedule.current.end >= schedule.current.start)
  }
}
