/// Makes the model of a rollout from values without errors.
enum RolloutDecoder {
  static func decode(_ values: [Value], into profile: inout FirmwareProfile) {
    var names = [profile.firmware]
    for step in values.compactMap(\.object) {
      let change: RolloutStep.Change
      if let version = step["version"]?.text {
        names.append(version)
        profile.laterVersions.append(self.version(step, version, profile))
        change = .update(to: names.count - 1)
      } else {
        let name = step.required("rollback", \.text)
        change = .rollback(of: step.required("rollback") { _ in names.lastIndex(of: name) })
      }
      profile.rollout.append(
        RolloutStep(
          change: change, beginning: beginning(of: step), over: step.required("over", \.duration),
          share: step.required("share", \.number), failures: step.required("failures", \.number),
          updateTime: step.required("update_time", \.duration)))
    }
  }

  private static func beginning(of step: ObjectValue) -> ScheduledOutage.Beginning {
    if let instant = step["at"]?.instant { return .at(instant) }
    return .after(step.required("after", \.duration))
  }

  private static func version(_ step: ObjectValue, _ name: String, _ profile: FirmwareProfile) -> FirmwareVersion {
    var version = FirmwareVersion(firmware: name, interval: step["interval"]?.duration ?? profile.interval)
    version.malformed = step["malformed"]?.number
    for entry in step["sensors"]?.map ?? [] {
      guard let index = profile.sensors.firstIndex(where: { $0.name == entry.key }), let object = entry.value.object else { continue }
      let sensor = profile.sensors[index]
      let unit = object["unit"]?.text ?? sensor.unit
      version.sensorOverrides[index] = SensorOverride(
        unit: unit, label: object["label"]?.text ?? unit, decimals: object["decimals"]?.integer ?? sensor.decimals)
    }
    return version
  }
}
