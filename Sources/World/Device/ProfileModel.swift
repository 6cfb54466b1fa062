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

  /// - Parameter start: the instant at which the run begins.
  init(_ profile: FirmwareProfile, start: Milliseconds) {
    specification = profile
    interval = max(1, profile.interval)
    sensors = profile.sensors.enumerated().map { SensorDesign($1, index: $0) }
    clock = DeviceClockModel(profile.clock, start: start)
    malformations = MalformationModel(probability: profile.faults.malformed)
    reportFilter = ReportFilter(profile)
    needs = Needs(sensors: profile.sensors, plant: profile.plant)
    plant = profile.plant.map { Plant($0) }
    let interval = self.interval
    cabinet = needs.contains(.cabinet) ? profile.plant.map { CabinetTemperature(plant: $0, interval: interval) } : nil
  }
}
