/// What a device carries from one sample to the next. Small: a fleet has a million of them.
struct DeviceMemory: Sendable {
  var energy: EnergyCounter
  /// Degrees Celsius inside the cabinet; not a number before the first sample.
  var cabinet = Double.nan
  /// Watt-hours in the storage.
  var charge = 0.0
  /// Watt-hours on the meter's registers.
  var imported = 0.0
  var exported = 0.0
  /// Whether the inverter ran at the sample before; one that begins its run in daylight has started long ago.
  var isRunning = true
  /// Where the device is in the series of its tracker's stalls; empty where there are none, as for most devices.
  var stalls: [EpisodeFinder]
  /// The same for its blown fuses.
  var blownFuses: [EpisodeFinder]

  init(profile: ProfileModel, device: RandomEntity) {
    let draws = device.stream(StreamNumber.energyStart)
    stalls = profile.plans.stalls.map { [EpisodeFinder(OutageProcess($0, of: device))] } ?? []
    blownFuses = profile.plans.blownFuses.map { [EpisodeFinder(OutageProcess($0, of: device))] } ?? []
    energy = EnergyCounter(capacity: profile.plant?.acCapacity ?? 0, random: draws)
    if let storage = profile.storage { charge = storage.specification.capacity * draws.uniform(1) }
    if let load = profile.specification.load {
      // One to six years of a household (engineering judgement), of which the plant has covered a part.
      imported = load.average * 8766 * (1 + 5 * draws.uniform(2)) * (profile.plant == nil ? 1 : 0.55)
    }
    if let plant = profile.plant { exported = plant.acCapacity * 1100 * 0.6 * 5 * draws.uniform(3) }
  }
}
