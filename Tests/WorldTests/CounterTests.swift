import Testing

@testable import FleetSpec
@testable import World

@Suite struct CounterTests {
  static func readings(_ sensor: Sensor, days: Int, power: Outages = .none, zone: String = "UTC", start: Milliseconds = Fleets.start)
    -> [Reading]
  {
    var site = Fleets.site()
    site.timeZone = TimeZones.rules(named: zone) ?? .universal
    var fleet = Fleets.fleet(sites: [site], profiles: [Fleets.profile(interval: 300_000, sensors: [sensor], power: power)])
    fleet.start = start
    return DeviceStreamTests.readings(World(fleet: fleet, start: start), device: 0, until: start + Milliseconds(days) * Fleets.day)
  }

  static let reasons: FaultSet = [.init(.rolledOver), .init(.midnightReset), .init(.resetAtBoot), .init(.zeroAfterBoot)]

  @Test func countersNeverDecreaseExceptByANamedFault() {
    for seed in 1...4 as ClosedRange<UInt64> {
      var fleet = Fleets.plagued(seed: seed)
      // Counters that also get stuck, spike and drop out.
      fleet.profiles[0].sensors += Fleets.counters.map { sensor in
        var sensor = sensor
        sensor.name += "-sick"
        sensor.troubles.stuck = Outages(every: 6 * Fleets.hour, length: Fleets.hour, spread: 0.5)
        sensor.troubles.spikes = 0.01
        sensor.troubles.spikeSize = 5000
        sensor.troubles.dropout = 0.05
        return sensor
      }
      let world = World(fleet: fleet, start: Fleets.start)
      let counters = world.profile(of: 0).sensors.indices.filter { world.profile(of: 0).sensors[$0].troubles.counter != nil }
      let readings = DeviceStreamTests.readings(world, device: 0, until: Fleets.start + 6 * Fleets.day)
      for sensor in counters {
        var last = Int64.min
        var excuses: FaultSet = []
        var resets = 0
        for reading in readings where Int(reading.sensor) == sensor {
          excuses.formUnion(reading.faults)
          // What is not the register's own value says nothing about it.
          guard reading.faults.isDisjoint(with: [.init(.spike), .init(.stuck)]), reading.malformation != .outOfRange else { continue }
          if reading.value < last {
            resets += 1
            #expect(!excuses.isDisjoint(with: CounterTests.reasons), "\(world.profile(of: 0).sensors[sensor].name) at \(reading.seq)")
          }
          last = reading.value
          excuses = reading.faults.intersection(FaultSet(.zeroAfterBoot))
        }
        #expect(resets > 0)
      }
    }
  }

  @Test func aRegisterRollsOverAtItsWidth() {
    let sensor = Fleets.counter {
      $0.bits = 12
      $0.step = 10
      $0.beginsAt = 40_000
    }
    let readings = CounterTests.readings(sensor, days: 2)
    #expect((40_000...40_010).contains(readings[0].value))
    #expect(readings.allSatisfy { $0.value >= 0 && $0.value < 40_960 && $0.value % 10 == 0 })
    let wraps = readings.indices.dropFirst().filter { readings[$0].value < readings[$0 - 1].value }
    #expect(!wraps.isEmpty && wraps.allSatisfy { readings[$0].faults.contains(.rolledOver) })
    #expect(readings.count { $0.faults.contains(.rolledOver) } == wraps.count)
  }

  @Test func aRegisterThatDoesNotWrapStaysFull() {
    let sensor = Fleets.counter {
      $0.bits = 12
      $0.wraps = false
      $0.beginsAt = 0
    }
    let readings = CounterTests.readings(sensor, days: 2)
    #expect(readings.last?.value == 4095 && readings.last?.faults.contains(.saturated) == true)
    #expect(zip(readings, readings.dropFirst()).allSatisfy { $0.value <= $1.value })
  }

  /// 2026-10-25: summer time ends in Berlin, where a firmware that knows nothing of it resets at 1 o'clock until then.
  @Test(arguments: [false, true]) func theDailyResetComesAfterLocalMidnight(ignoresDaylightSaving: Bool) {
    let start: Milliseconds = 1_792_800_000_000  // 2026-10-24T00:00:00Z
    let sensor = Fleets.counter {
      $0.reset = .midnight
      $0.resetSkew = 7 * 60_000
      $0.ignoresDaylightSaving = ignoresDaylightSaving
    }
    let readings = CounterTests.readings(sensor, days: 3, zone: "Europe/Berlin", start: start)
    let resets = readings.filter { $0.faults.contains(.midnightReset) }.map(\.trueTime)
    // Midnight of the 25th is at 22:00 UTC; from the 26th on at 23:00 UTC.
    let late: Milliseconds = ignoresDaylightSaving ? 3_600_000 : 0
    let midnights = [1_792_879_200_000 + late, 1_792_969_200_000, 1_793_055_600_000].map { $0 + 420_000 }
    let first = resets.filter { $0 > start + 6 * Fleets.hour }
    #expect(first.count == 3)
    for (reset, midnight) in zip(first, midnights) { #expect(reset >= midnight && reset < midnight + 300_000) }
    #expect(readings.first { $0.faults.contains(.midnightReset) && $0.trueTime > start + 6 * Fleets.hour }?.value == 0)
  }

  @Test func bootsResetOrHideTheTotal() {
    let power = Outages(every: 6 * Fleets.hour, length: 600_000, spread: 0.5)
    let forgetful = CounterTests.readings(Fleets.counter { $0.reset = .boot }, days: 3, power: power)
    let slow = CounterTests.readings(Fleets.counter { $0.zeroAtBoot = 2 }, days: 3, power: power)
    let sound = CounterTests.readings(Fleets.counter(), days: 3, power: power)
    #expect(slow.count == sound.count && forgetful.count == sound.count && sound.last?.boot ?? 0 > 4)
    var sinceBoot = 0
    for index in sound.indices {
      sinceBoot = index > 0 && sound[index].boot == sound[index - 1].boot ? sinceBoot + 1 : 0
      let isHidden = sinceBoot < 2 && sound[index].boot > 1
      #expect(slow[index].value == (isHidden ? 0 : sound[index].value) && slow[index].faults.contains(.zeroAfterBoot) == isHidden)
      #expect(forgetful[index].faults.contains(.resetAtBoot) == (sinceBoot == 0 && sound[index].boot > 1))
    }
  }
}
