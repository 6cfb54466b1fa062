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
  /// Nil when every value becomes a reading.
  let reportFilter: ReportFilter?
  let storage: StorageModel?
  private let start: Milliseconds

  /// - Parameter start: the instant at which the run begins.
  init(_ profile: FirmwareProfile, start: Milliseconds) {
    specification = profile
    self.start = start
    interval = max(1, profile.interval)
    sensors = profile.sensors.enumerated().map { SensorDesign($1, index: $0) }
    clock = DeviceClockModel(profile.clock, start: start)
    malformations = MalformationModel(probability: profile.faults.malformed)
    reportFilter = ReportFilter(profile)
    needs = Needs(profile)
    plant = profile.plant.map { Plant($0) }
    let interval = self.interval
    cabinet = needs.contains(.cabinet) ? profile.plant.map { CabinetTemperature(plant: $0, interval: interval) } : nil
    storage = profile.storage.map { StorageModel($0) }
  }

  func household(at place: SiteEnvironment) -> Household? {
    specification.load.map { Household($0, localTime: place.localTime) }
  }

  /// When the trackers of a device stall.
  func stalls(of device: RandomEntity) -> OutageProcess? {
    guard let stalls = specification.plant?.tracker?.stalls, stalls.isPossible else { return nil }
    return OutageProcess(stalls, of: device, gap: StreamNumber.stallGap, length: StreamNumber.stallLength, start: start)
  }

  /// The stall that is under way. Trackers are few and stall rarely, so that nobody keeps the place in the series.
  func stall(of device: RandomEntity, at time: Milliseconds) -> Outage? {
    guard let process = stalls(of: device) else { return nil }
    var finder = EpisodeFinder(process)
    return finder.current(at: time)
  }
}
