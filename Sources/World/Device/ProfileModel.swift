import FleetSpec

/// What all devices of a firmware profile have in common, worked out once.
final class ProfileModel: Sendable {
  let specification: FirmwareProfile
  let interval: Milliseconds
  let sensors: [SensorDesign]
  let clock: DeviceClockModel
  let malformations: MalformationModel
  let needs: Needs
  let plant: Plant?
  let cabinet: CabinetTemperature?
  let storage: StorageModel?
  let plans: ProfilePlans

  /// - Parameter start: the instant at which the run begins.
  init(_ profile: FirmwareProfile, start: Milliseconds) {
    specification = profile
    plans = ProfilePlans(profile, start: start)
    interval = max(1, profile.interval)
    sensors = profile.sensors.enumerated().map { SensorDesign($1, index: $0) }
    clock = DeviceClockModel(profile.clock, start: start)
    malformations = MalformationModel(probability: profile.faults.malformed)
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

  /// The stall that is under way. Trackers are few and stall rarely, so that nobody keeps the place in the series.
  func stall(of device: RandomEntity, at time: Milliseconds) -> Outage? {
    guard let plan = plans.stalls else { return nil }
    var finder = EpisodeFinder(OutageProcess(plan, of: device))
    return finder.current(at: time)
  }
}
