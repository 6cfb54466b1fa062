/// What a device carries from one sample to the next. Small: a fleet has a million of them.
struct DeviceMemory: Sendable {
  var energy: EnergyCounter
  /// Degrees Celsius inside the cabinet; not a number before the first sample.
  var cabinet = Double.nan

  init(profile: ProfileModel, device: RandomEntity) {
    energy = EnergyCounter(
      capacity: profile.plant?.acCapacity ?? 0, random: device.stream(StreamNumber.energyStart))
  }
}
