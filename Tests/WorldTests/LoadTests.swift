import Testing

@testable import FleetSpec
@testable import World

/// The load decides who is there and how fast they measure, from the seed and the fleet file alone.
@Suite struct LoadTests {
  private static func times(_ world: World, _ device: Int) -> [Milliseconds] {
    var stream = world.stream(device: device)
    var times: [Milliseconds] = []
    while stream.nextSampleTime < world.start + world.fleet.duration {
      times.append(stream.nextSampleTime - world.start)
      stream.sample()
    }
    return times
  }

  private static func phase(_ seconds: Milliseconds, devices: Double? = nil, rate: Double? = nil) -> LoadPhase {
    LoadPhase(length: seconds * 1_000, devices: devices, rate: rate)
  }

  private static func world(
    _ phases: [LoadPhase] = [], spikes: [LoadSpike] = [], rate: Double? = nil, devices: Int = 100, seed: UInt64 = 1,
    duration: Milliseconds = 600_000
  ) -> World {
    var fleet = Fleets.fleet(
      seed: seed,
      profiles: [Fleets.profile(plant: nil, sensors: [Fleets.weatherSensors[1], Fleets.weatherSensors[3]])], count: devices)
    fleet.duration = duration
    fleet.load.phases = phases
    fleet.load.spikes = spikes
    fleet.load.rate = rate
    return World(fleet: fleet, start: Fleets.start)
  }

  @Test func theClassicStagesAreSharesOfTheFleet() {
    let world = Self.world(
      [Self.phase(60, devices: 0.5), Self.phase(180, devices: 1.0), Self.phase(300), Self.phase(60, devices: 0.0)])
    func present(_ second: Milliseconds) -> Int { world.devices.indices.count { world.isPresent($0, at: world.start + second * 1_000) } }
    #expect(present(0) == 0 && present(30) == 25 && present(60) == 50 && present(150) == 75)
    #expect(present(240) == 100 && present(539) == 100 && present(570) == 50 && present(600) == 0)
    for device in world.devices.indices {
      let times = Self.times(world, device)
      #expect(times.allSatisfy { world.isPresent(device, at: world.start + $0) })
      #expect(zip(times, times.dropFirst()).allSatisfy { $1 - $0 == 10_000 }, "no gap while it is there")
      let share = world.attendance(of: device, from: world.start, to: world.start + 600_000)
      #expect(abs(Double(times.count) - share * 60) <= 1)
    }
  }

  @Test(arguments: 1...20) func changesAreWhereTheDeviceComesOrGoes(seed: UInt64) {
    let world = Self.world(
      [Self.phase(7, devices: 0.3), Self.phase(90, devices: 0.8), Self.phase(60, devices: 0.2), Self.phase(120, devices: 0.9)],
      devices: 13, seed: seed)
    for device in world.devices.indices {
      var time = world.start
      while true {
        let next = world.attendanceChange(of: device, after: time)
        guard next < .max else { break }
        #expect(next > time && world.isPresent(device, at: next) != world.isPresent(device, at: next - 1))
        #expect(world.isPresent(device, at: next - 1) == world.isPresent(device, at: time))
        time = next
      }
      let last = world.isPresent(device, at: time)
      #expect(world.isPresent(device, at: world.start + 600_000) == last)
    }
  }

  @Test func aRateIsOfferedExactly() {
    let world = Self.world(rate: 500, devices: 50, duration: 120_000)
    let count = world.devices.indices.reduce(0) { $0 + Self.times(world, $1).count } * 2
    #expect(abs(count - 60_000) <= 100, "\(count)")
    #expect(abs(world.expectedReadings - 60_000) <= 100)
  }

  @Test func aRampOfTheRateOffersItsIntegral() {
    // 60 s from 1 to 5 make 180 s of work, then 60 s at 5 make 300, then 60 s from 5 to 0 make 150.
    let world = Self.world([Self.phase(60, rate: 5), Self.phase(60), Self.phase(60, rate: 0)], devices: 20)
    for device in world.devices.indices {
      let times = Self.times(world, device)
      #expect((times.filter { $0 < 60_000 }.count - 18).magnitude <= 1)
      #expect((times.filter { $0 < 120_000 }.count - 48).magnitude <= 1)
      #expect((times.count - 63).magnitude <= 1 && times.allSatisfy { $0 <= 180_000 }, "a rate of 0 is the end")
      #expect(zip(times, times.dropFirst()).allSatisfy { $0 < $1 })
    }
  }

  @Test func anAlarmStormMultipliesRates() {
    let world = Self.world(spikes: [LoadSpike(after: 180_000, length: 60_000, kind: .rate(10))])
    for device in world.devices.indices.prefix(10) {
      let times = Self.times(world, device)
      #expect(times.count { 180_000 <= $0 && $0 < 240_000 } == 60 && times.count == 114)
    }
  }

  @Test func aReconnectStormCutsItsShare() {
    let world = Self.world(spikes: [LoadSpike(after: 180_000, length: 10_000, kind: .cut(0.4))], devices: 1_000)
    let hit = world.devices.indices.count { device in
      let outage = world.networkOutages(device: device).current
      return outage.start == world.start + 180_000 && outage.end == world.start + 190_000
    }
    #expect((350...450).contains(hit))
  }

  @Test func whatTheLoadDoesNotSayStaysAsItWas() {
    let plain = Self.world()
    let flat = Self.world([Self.phase(60, rate: 1)], spikes: [LoadSpike(after: 60_000, length: 60_000, kind: .rate(1))])
    for device in plain.devices.indices.prefix(20) { #expect(Self.times(plain, device) == Self.times(flat, device)) }
  }
}
