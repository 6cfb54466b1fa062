import FleetSpec

/// What all devices of a firmware profile have in common, worked out once.
final class ProfileModel: Sendable {
  let specification: FirmwareProfile
  let interval: Milliseconds
  let sensors: [SensorDesign]
  /// How many states and episodes of sensors a device keeps.
  let stateCount: Int
  let episodeCount: Int
  let clock: DeviceClockModel
  /// By version of the firmware.
  let malformations: [MalformationModel]
  let needs: Needs
  let plant: Plant?
  let cabinet: CabinetTemperature?
  /// Nil when every value becomes a reading.
  let reportFilter: ReportFilter?
  let storage: StorageModel?
  /// Whether any sensor's readings carry differences.
  let hasDeltas: Bool
  let plans: ProfilePlans
  let rollout: RolloutModel
  /// The first is the profile as it is written.
  let versions: [FirmwareVersion]

  /// - Parameter start: the instant at which the run begins.
  init(_ profile: FirmwareProfile, start: Milliseconds) {
    specification = profile
    plans = ProfilePlans(profile, start: start)
    rollout = RolloutModel(profile.rollout, start: start)
    versions = profile.versions
    interval = max(1, profile.interval)
    let assigned = SensorSlots.assign(profile.sensors)
    stateCount = assigned.states
    episodeCount = assigned.episodes
    sensors = profile.sensors.enumerated().map { SensorDesign($1, index: $0, start: start, slots: assigned.slots[$0], of: profile) }
    clock = DeviceClockModel(profile.clock, start: start)
    reportFilter = ReportFilter(profile)
    hasDeltas = profile.sensors.contains { $0.encoding == .delta }
    malformations = versions.map { MalformationModel(profile.faults, share: $0.malformed ?? profile.faults.malformed) }
    needs = Needs(profile)
    plant = profile.plant.map { Plant($0) }
    let interval = self.interval
    cabinet = needs.contains(.cabinet) ? profile.plant.map { CabinetTemperature(plant: $0, interval: interval) } : nil
    storage = profile.storage.map { StorageModel($0) }
  }

  func household(at place: SiteEnvironment) -> Household? {
    specification.load.map { Household($0, localTime: place.localTime) }
  }

  /// The string, from 1, whose fuse is blown in an episode that began at an instant.
  func blownString(of device: RandomEntity, since: Milliseconds) -> Int {
    let strings = UInt64(max(1, specification.plant?.strings ?? 1))
    return 1 + Int(device.stream(StreamNumber.fuseString).below(strings, UInt64(bitPattern: since)))
  }

}
