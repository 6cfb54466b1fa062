import TestSupport
import Testing

@testable import FleetSpec
@testable import World

@Suite struct RolloutTests {
  static func step(
    _ change: RolloutStep.Change, after: Milliseconds, over: Milliseconds = Fleets.hour, share: Double = 1, failures: Double = 0
  ) -> RolloutStep {
    RolloutStep(change: change, beginning: .after(after), over: over, share: share, failures: failures, updateTime: 30_000)
  }

  static func profile(_ steps: [RolloutStep]) -> FirmwareProfile {
    var profile = Fleets.profile(interval: 60_000)
    profile.rollout = steps
    profile.laterVersions = [
      FirmwareVersion(firmware: "4.3.0", interval: 20_000, malformed: 0.05), FirmwareVersion(firmware: "4.3.1", interval: 30_000),
    ]
    return profile
  }

  static func updates(_ model: RolloutModel, _ number: UInt64) -> [RolloutModel.Update] {
    var updates: [RolloutModel.Update] = []
    model.forEachUpdate(of: RandomEntity(seed: 42, entity: number)) { updates.append($0) }
    return updates
  }

  @Test func cohortsFailuresAndMomentsAreAsAsked() {
    let model = RolloutModel([Self.step(.update(to: 1), after: Fleets.hour, share: 0.8, failures: 0.02)], start: Fleets.start)
    let all = (0..<10_000 as Range<UInt64>).flatMap { Self.updates(model, $0) }
    let share = Statistics.proportion(all.count, of: 10_000, probability: 0.8)
    #expect(!share.isImplausible, "\(share)")
    let failures = Statistics.proportion(all.count { $0.givesUp != nil }, of: all.count, probability: 0.02)
    #expect(!failures.isImplausible, "\(failures)")
    let moments = Statistics.kolmogorovSmirnov(
      all.map { Double($0.moment - Fleets.start) }, Distributions.uniform(from: Double(Fleets.hour), to: 2 * Double(Fleets.hour)))
    #expect(!moments.isImplausible, "\(moments)")
    let struggles = Statistics.kolmogorovSmirnov(
      all.compactMap { update in update.givesUp.map { Double($0 - update.moment - 30_000) } },
      Distributions.uniform(from: 180_000, to: 900_001))
    #expect(!struggles.isImplausible, "\(struggles)")
  }

  @Test func aRollbackTakesBackWhatWasThereAndNothingElse() {
    let model = RolloutModel(
      [
        Self.step(.update(to: 1), after: 0, share: 0.5), Self.step(.update(to: 2), after: 2 * Fleets.hour, share: 0.5),
        Self.step(.rollback(of: 2), after: 4 * Fleets.hour),
      ], start: Fleets.start)
    var ends: [UInt8: Int] = [:]
    for number in 0..<4000 as Range<UInt64> {
      let updates = Self.updates(model, number)
      for (first, second) in zip(updates, updates.dropFirst()) {
        #expect(first.moment < second.moment && first.to == second.from)
      }
      let version = model.version(at: .max - 1, of: RandomEntity(seed: 42, entity: number)).version
      ends[version, default: 0] += 1
    }
    #expect(ends[2] == nil)
    #expect(!Statistics.proportion(ends[1] ?? 0, of: 4000, probability: 0.5).isImplausible)
  }

  @Test func aDeviceRunsItsVersionFromTheRebootOn() {
    let profile = Self.profile([
      Self.step(.update(to: 1), after: Fleets.hour, failures: 0.3), Self.step(.rollback(of: 1), after: 5 * Fleets.hour),
    ])
    let world = World(fleet: Fleets.fleet(profiles: [profile], count: 40), start: Fleets.start)
    let end = Fleets.start + 8 * Fleets.hour
    var failed = 0
    for device in world.devices.indices {
      let timeline = world.timeline(device: device, from: Fleets.start, to: end)
      let updates = timeline.filter { $0.fault == .updated }
      let failure = timeline.first { $0.fault == .updateFailed }
      failed += failure == nil ? 0 : 1
      #expect(updates.count == (failure == nil ? 2 : 1) && updates.allSatisfy { $0.cause == .update })
      let readings = DeviceStreamTests.readings(world, device: device, until: end).filter { $0.sensor == 0 }
      for (first, second) in zip(readings, readings.dropFirst()) {
        if first.version != second.version { #expect(second.boot > first.boot) }
        if first.boot == second.boot { #expect(second.trueTime - first.trueTime == (second.version == 1 ? 20_000 : 60_000)) }
      }
      for reading in readings {
        let since = updates[0].start
        let until = failure.map { $0.end - 30_000 } ?? updates[1].start
        #expect((reading.version == 1) == (reading.trueTime >= since && reading.trueTime < until))
        #expect(!timeline.contains { $0.fault == .powerLost && $0.start <= reading.trueTime && reading.trueTime < $0.end })
      }
      if failure != nil { #expect(timeline.count { $0.fault == .powerLost && $0.cause == .rebootLoop } >= 3) }
    }
    #expect(failed > 4 && failed < 22)
  }

  @Test func aBugOfAVersionBreaksItsPayloadsAlone() {
    let profile = Self.profile([Self.step(.update(to: 1), after: 12 * Fleets.hour, over: 0)])
    let world = World(fleet: Fleets.fleet(profiles: [profile]), start: Fleets.start)
    let readings = DeviceStreamTests.readings(world, device: 0, until: Fleets.start + Fleets.day)
    #expect(readings.allSatisfy { $0.version == 1 || $0.malformation == .none })
    let later = readings.filter { $0.version == 1 }
    #expect(!Statistics.proportion(later.count { $0.malformation != .none }, of: later.count, probability: 0.05).isImplausible)
  }

  /// Whatever goes wrong, a device that is off measures nothing, and what is measured lies on both sides of each outage.
  @Test(arguments: 0..<4 as Range<UInt64>) func aDeviceThatIsOffMeasuresNothing(seed: UInt64) {
    var profile = Self.profile([Self.step(.update(to: 1), after: Fleets.hour, share: 0.8, failures: 0.3)])
    profile.powerOutages = Outages(every: 3 * Fleets.hour, length: 60_000, spread: 1)
    profile.brownOuts = Outages(every: 2 * Fleets.hour, length: 300, spread: 0.5)
    profile.watchdogResets = Outages(every: 5 * Fleets.hour, length: 2_000, spread: 0)
    profile.rebootLoops = Flapping(episodes: Outages(every: 6 * Fleets.hour, length: 900_000, spread: 0.3), up: 60_000, down: 2_000)
    profile.nightShutdown = 3
    profile.bootTime = 5_000
    let world = World(
      fleet: Fleets.fleet(
        seed: seed, profiles: [profile], count: 3, sitePower: Outages(every: 8 * Fleets.hour, length: 300_000, spread: 1)),
      start: Fleets.start)
    var causes: Set<Cause> = []
    for device in world.devices.indices {
      let end = Fleets.start + 2 * Fleets.day
      let off = world.timeline(device: device, from: Fleets.start, to: end).filter { $0.fault == .powerLost }
      causes.formUnion(off.map(\.cause))
      let times = DeviceStreamTests.readings(world, device: device, until: end).filter { $0.sensor == 0 }.map(\.trueTime)
      for event in off { #expect(!times.contains { event.start <= $0 && $0 < event.end + 5_000 }) }
    }
    #expect(causes.isSuperset(of: [.device, .site, .night, .brownOut, .watchdog, .rebootLoop, .update]))
  }
}
