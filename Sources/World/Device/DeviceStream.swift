import FleetSpec

/// All readings of one device from the start of the run on, in order.
///
/// Samples are due at start + phase + k * interval. One that falls into a loss of power is not taken, and the next is the first that is due
/// at least the boot time after the power's return, under the next boot number. Nothing is allocated per sample.
///
/// Where the load changes the rate of sampling, k * interval counts work instead of time: see `RateSchedule`.
///
/// What a sample needs only while it is taken lies in the `Workspace`, which many devices of one thread share: the readings of a sample
/// are there until the next sample of any of them is taken.
public struct DeviceStream {
  /// True time of the next sample, ms since 1970.
  public private(set) var nextSampleTime: Milliseconds
  /// The boot number that the next sample will carry.
  public private(set) var nextBoot: Int32 = 1
  /// How many readings the sample taken last made: at most one for each sensor.
  public private(set) var readingCount = 0
  private let world: World
  private let workspace: Workspace
  private let device: Int32
  private let random: RandomEntity
  private var power: OutageSchedule
  private var memory: DeviceMemory
  private var sensorMemory: SensorMemory
  /// By sensor; empty when every value becomes a reading.
  private var reported: [ReportFilter.Last] = []
  private var deltas: DeltaEncoding
  private var samples: Int64 = 0
  /// The ordinal of the next reading.
  public private(set) var nextSeq: Int64 = 0
  private var boot: Int32 = 0
  private var trueTime: Milliseconds
  /// The number of the boot's first reading.
  private var bootSeq: Int64 = 0
  /// When the clock is set that a loss of power has left unset.
  private var clockSetAt = Milliseconds.min
  /// The work at which the next sample is due, milliseconds at the usual rate; only where the load changes the rate.
  private var nextWork: Int64
  /// The firmware that the next sample is taken with, and until when at least.
  private var version: UInt8
  private var versionUntil: Milliseconds

  init(world: World, device: Int, workspace: Workspace) {
    self.world = world
    self.workspace = workspace
    self.device = Int32(device)
    let identity = world.devices[device]
    let profile = world.profiles[identity.profile]
    random = RandomEntity(seed: world.fleet.seed, entity: identity.randomEntity)
    // A clone has a history of its own.
    if identity.twin?.kind == .clone { nextBoot += Int32(1_000 + random.stream(StreamNumber.cloneBoot).below(9_000, 0)) }
    power = world.powerOutages(device: device)
    memory = DeviceMemory(profile: profile, device: random)
    sensorMemory = SensorMemory(profile, of: random)
    deltas = DeltaEncoding(profile)
    if profile.reportFilter != nil { reported = Array(repeating: ReportFilter.Last(), count: profile.sensors.count) }
    trueTime = world.start
    (version, versionUntil) = profile.rollout.version(at: world.start, of: random)
    nextWork = Int64(random.stream(StreamNumber.samplePhase).below(UInt64(profile.interval), 0))
    nextSampleTime = world.start + nextWork
    if world.rates != nil { advance(by: 0, notBefore: world.start) }
    // What the workspace keeps of a site is made here, so that a sample never has to allocate.
    _ = workspace.cache(site: identity.site)
    skipPowerOutages(profile)
    if world.attendance != nil { skipAbsence(profile) }
  }

  private var profile: ProfileModel { world.profiles[world.devices[Int(device)].profile] }

  /// The device's sensors: the most readings that a sample can make.
  public var sensorCount: Int { profile.sensors.count }

  /// Takes the sample that is due at `nextSampleTime` and moves on.
  public mutating func sample() {
    let time = nextSampleTime
    let profile = profile
    let site = world.devices[Int(device)].site
    let surroundings = Surroundings(
      profile: profile, place: world.places[site], cache: workspace.cache(site: site), device: random,
      age: Double(time - world.start) / 31_556_926_080)
    let conditions = surroundings.conditions(
      at: time, memory: &memory, elapsed: boot == nextBoot ? time - trueTime : nil, sinceLast: time - trueTime)
    let sinceLast = time - trueTime
    trueTime = time
    if boot != nextBoot {
      bootSeq = nextSeq
      for index in reported.indices { reported[index].time = .min }
      deltas.forget()
    }
    boot = nextBoot
    measure(conditions, surroundings, sinceLast: sinceLast)
    samples += 1
    if world.rates == nil { nextSampleTime = time + interval(profile) } else { advance(by: interval(profile), notBefore: time + 1) }
    if power.current.start <= nextSampleTime { skipPowerOutages(profile) }
    if world.attendance != nil { skipAbsence(profile) }
  }

  /// Does more work, and is due when it is done.
  private mutating func advance(by work: Int64, notBefore time: Milliseconds) {
    nextWork += work
    let elapsed = world.rates?.time(of: nextWork) ?? nextWork
    nextSampleTime = elapsed < .max ? max(time, world.start + elapsed) : .max
  }

  /// Moves the next sample to the first that is due at or after an instant.
  private mutating func postpone(to earliest: Milliseconds, _ profile: ProfileModel) {
    guard earliest > nextSampleTime else { return }
    let interval = interval(profile)
    guard let rates = world.rates else {
      nextSampleTime += (earliest - nextSampleTime + interval - 1) / interval * interval
      return
    }
    let missing = rates.work(at: earliest - world.start) - Double(nextWork)
    advance(by: max(0, Int64((missing / Double(interval)).rounded(.up))) * interval, notBefore: earliest)
  }

  /// Moves the next sample behind every time at which the load does not have the device there.
  private mutating func skipAbsence(_ profile: ProfileModel) {
    while nextSampleTime < .max, !world.isPresent(Int(device), at: nextSampleTime) {
      let coming = world.attendanceChange(of: Int(device), after: nextSampleTime)
      guard coming < .max else {
        nextSampleTime = .max
        return
      }
      postpone(to: coming, profile)
      if power.current.start <= nextSampleTime { skipPowerOutages(profile) }
    }
  }

  /// A reading of the sample taken last.
  /// - Parameter index: 0..<readingCount. The reading itself says which sensor it is of.
  public func reading(_ index: Int) -> Reading {
    precondition(workspace.owner == device, "another device of the workspace has taken a sample since")
    return workspace.readings[index]
  }

  /// The true value behind a reading of the sample taken last, in the sensor's unit.
  /// - Parameter index: 0..<readingCount.
  public func truth(_ index: Int) -> Double {
    precondition(workspace.owner == device, "another device of the workspace has taken a sample since")
    return workspace.truths[index]
  }

  private func interval(_ profile: ProfileModel) -> Milliseconds { profile.versions[Int(version)].interval }

  private mutating func measure(_ conditions: Conditions, _ surroundings: Surroundings, sinceLast: Milliseconds) {
    let profile = surroundings.profile
    workspace.begin(device: device)
    let clock = profile.clock.reading(at: trueTime, of: random, boot: boot, setAt: clockSetAt, place: surroundings.place)
    let sample = SensorSample(
      device: random, time: trueTime, elapsed: trueTime - world.start, sinceLast: sinceLast, ordinal: UInt64(bitPattern: samples),
      boot: boot, version: version, ambientTemperature: conditions.ambientTemperature, place: surroundings.place)
    for index in profile.sensors.indices {
      let value = conditions.value(of: profile.sensors[index].quantity, input: profile.sensors[index].input, surroundings)
      var shown = profile.sensors[index].measure(value, sample, &sensorMemory)
      guard shown.exists else { continue }
      if let filter = profile.reportFilter,
        !filter.admits(shown.value, shown.quality, sensor: index, at: trueTime, &reported[index])
      {
        continue
      }
      let (carried, isDifference) = deltas.encode(shown.value, sensor: index, profile.sensors[index].encoding)
      shown.value = carried
      let malformation = profile.malformations[Int(version)].malformation(seq: nextSeq, of: random)
      if malformation != .none {
        shown.faults.insert(.malformed)
        profile.malformations[Int(version)].falsify(&shown, malformation, profile.sensors[index].scale(version), seq: nextSeq, of: random)
      }
      workspace.truths.append(profile.sensors[index].converted(value))
      workspace.readings.append(
        Reading(
          boot: boot, sensor: Int32(truncatingIfNeeded: index), seq: nextSeq, timestamp: clock.timestamp, trueTime: trueTime,
          value: shown.value, quality: shown.quality, malformation: malformation, version: version,
          faults: conditions.faults(in: profile.sensors[index]).union(clock.faults).union(shown.faults),
          sequence: profile.specification.resetsSequence ? nextSeq - bootSeq : nextSeq, isDifference: isDifference))
      nextSeq += 1
    }
    readingCount = workspace.readings.count
  }

  /// Moves the next sample behind every loss of power that begins before it; each of them makes the device boot anew.
  private mutating func skipPowerOutages(_ profile: ProfileModel) {
    while nextSampleTime < .max, power.current.start <= nextSampleTime {
      // What changes the firmware takes the device off, so that a version never changes between two samples of one boot.
      if power.current.end > versionUntil { (version, versionUntil) = profile.rollout.version(at: power.current.end, of: random) }
      postpone(to: power.current.end + profile.specification.bootTime, profile)
      nextBoot += 1
      clockSetAt = profile.clock.setAt(boot: nextBoot, power: power.current.end, before: clockSetAt, of: random)
      power.advance()
    }
  }
}
