import Testing

@testable import FleetSpec
@testable import World

@Suite struct NightTests {
  static func nights(latitude: Double, elevation: Double = 2, days: Int64 = 366) -> (place: SiteEnvironment, nights: [Outage]) {
    let place = SiteEnvironment(
      site: Fleets.site(latitude: latitude, longitude: 20), fleet: Fleets.fleet(), start: Fleets.start)
    var process = NightProcess(sineOfElevation: 0.0349, place: place, start: Fleets.start)
    var nights: [Outage] = []
    while process.next.start < Fleets.start + days * Fleets.day {
      nights.append(process.next)
      process.advance()
    }
    return (place, nights)
  }

  @Test(arguments: [0.0, 48, -35]) func everyDayHasOneNightAndTheSunIsDownInIt(latitude: Double) {
    let (place, nights) = Self.nights(latitude: latitude)
    #expect(nights.count >= 366 && nights.count <= 367)
    for night in nights {
      #expect(place.sun(at: night.start - 60_000).up > 0.0349 || night.start == Fleets.start)
      #expect(place.sun(at: night.start + 60_000).up < 0.0349 && place.sun(at: night.end - 60_000).up < 0.0349)
      #expect(place.sun(at: night.end + 60_000).up > 0.0349)
      #expect(night.cause == .night)
    }
  }

  @Test func beyondThePolarCircleOneNightLastsForWeeksAndSummerHasNone() {
    let nights = Self.nights(latitude: 70).nights
    let longest = nights.map { $0.end - $0.start }.max() ?? 0
    #expect(longest > 40 * Fleets.day && longest < 120 * Fleets.day)
    // The run begins on midsummer's day.
    #expect((nights.first?.start ?? 0) > Fleets.start + 20 * Fleets.day)
    for (first, second) in zip(nights, nights.dropFirst()) { #expect(first.end < second.start) }
  }

  @Test func aDeviceThatSleepsAtNightMeasuresNothingThen() {
    var profile = Fleets.profile(interval: 60_000)
    profile.nightShutdown = 2
    profile.resetsSequence = true
    let world = World(fleet: Fleets.fleet(profiles: [profile]), start: Fleets.start)
    let readings = DeviceStreamTests.readings(world, device: 0, until: Fleets.start + 3 * Fleets.day)
    let timeline = world.timeline(device: 0, from: Fleets.start, to: Fleets.start + 3 * Fleets.day)
    #expect(timeline.count { $0.fault == .powerLost && $0.cause == .night } >= 3)
    for reading in readings {
      #expect(!timeline.contains { $0.fault == .powerLost && $0.start <= reading.trueTime && reading.trueTime < $0.end })
    }
    // The first reading of each boot bears the number 0.
    var boot: Int32 = 0
    for reading in readings where reading.boot != boot {
      #expect(reading.sequence == 0)
      boot = reading.boot
    }
    #expect(boot >= 4)
  }
}
