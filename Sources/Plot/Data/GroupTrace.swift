import FleetSpec
import World

/// What the devices of one profile measure together: a sample of them is traced.
struct GroupTrace {
  struct Member {
    let sensor: Int
    var envelope: Envelope
  }
  let profile: Int
  /// How many devices of the selection have the profile.
  let count: Int
  /// Those that are traced, as indices in `World.devices`.
  let sampled: [Int]
  private(set) var members: [Member]
  private(set) var faults: FaultTally

  /// - Parameters:
  ///   - devices: of the selection with this profile; at least one.
  ///   - budget: how many readings may be made.
  ///   - shown: the sensors of the profile that the picture shows.
  init(_ selection: Selection, profile: Int, devices: [Int], budget: Int, shown: [Int], in workspace: Workspace) {
    let world = selection.world
    let specification = world.fleet.profiles[profile]
    self.profile = profile
    count = devices.count
    let perDevice = max(1, Int((selection.to - world.start) / max(1, specification.interval)) * specification.sensors.count)
    sampled = GroupTrace.sample(devices, count: max(1, budget / perDevice))
    members = shown.map {
      Member(sensor: $0, envelope: Envelope(from: selection.from, to: selection.to, columns: Layout.columns))
    }
    faults = FaultTally(from: selection.from, to: selection.to, columns: Layout.columns)
    var slots = [Int](repeating: -1, count: specification.sensors.count)
    for (slot, member) in members.enumerated() { slots[member.sensor] = slot }
    // A gateway that measures nothing itself has nothing to show here.
    for device in shown.isEmpty ? [] : sampled {
      var stream = world.stream(device: device, in: workspace)
      var values = ShownValues(specification)
      while stream.nextSampleTime < selection.to {
        let at = stream.nextSampleTime
        stream.sample()
        for index in 0..<stream.readingCount {
          let reading = stream.reading(index)
          let value = values.value(of: reading)
          guard at >= selection.from else { continue }
          faults.add(reading.faults, at: at)
          let slot = slots[Int(reading.sensor)]
          guard slot >= 0 else { continue }
          members[slot].envelope.add(value, at: at)
        }
      }
    }
  }

  /// Spread over the list in golden steps, so that a pattern in it, such as sites in turn, is not hit again and again.
  static func sample(_ devices: [Int], count: Int) -> [Int] {
    guard count < devices.count else { return devices }
    let step = 0.618_033_988_749_894_9
    let places = (0..<count).map { Int((Double($0) * step).truncatingRemainder(dividingBy: 1) * Double(devices.count)) }.sorted()
    return places.enumerated().filter { $0 == 0 || places[$0 - 1] != $1 }.map { devices[$1] }
  }

  /// The sensors that say most of a profile: irradiance and power before the rest, one of each quantity.
  /// - Parameter known: quantities that another profile shows already; the weather is not shown twice.
  static func leading(_ profile: FirmwareProfile, atMost count: Int, besides known: [Quantity]) -> [Int] {
    var chosen: [Int] = []
    for group in SensorGroup.groups(of: profile) {
      for sensor in group.sensors where !chosen.contains(where: { profile.sensors[$0].quantity == profile.sensors[sensor].quantity }) {
        if profile.sensors[sensor].quantity == .operatingState || profile.sensors[sensor].quantity.isCounter { continue }
        chosen.append(sensor)
      }
    }
    let fresh = chosen.filter {
      !(SensorGroup.isWeather(profile.sensors[$0].quantity) && known.contains(profile.sensors[$0].quantity))
    }
    return Array((!fresh.isEmpty ? fresh : !chosen.isEmpty ? chosen : Array(profile.sensors.indices)).prefix(count))
  }

  /// What all devices of the profile reach together, reckoned from the mean of those that are traced.
  private func sum(_ member: Member, _ unit: String) -> String {
    let envelope = member.envelope
    guard count > 1, !envelope.isEmpty else { return "" }
    let peak = (0..<envelope.columns).reduce(0.0) { envelope.count[$1] > 0 ? max($0, envelope.mean($1)) : $0 } * Double(count)
    let axis = AxisUnit(unit, magnitude: peak)
    return " (together up to \(Numbers.brief(peak * axis.factor, decimals: 1)) \(axis.label))"
  }

  /// One panel for each sensor.
  func panels(_ world: World) -> [LinePanel] {
    let specification = world.fleet.profiles[profile]
    let whose = sampled.count == count ? "\(Numbers.count(count))" : "\(Numbers.count(sampled.count)) of \(Numbers.count(count))"
    return members.map { member in
      let sensor = specification.sensors[member.sensor]
      let group = SensorGroup.groups(of: specification).first { $0.sensors.contains(member.sensor) }
      let isPower = sensor.quantity == .acPower
      let rated = isPower ? SensorGroup.rating(specification, unit: sensor.unit) : nil
      return LinePanel(
        title: "\(sensor.name) of \(whose) \(specification.name)\(isPower ? sum(member, sensor.unit) : "")", unit: sensor.unit,
        series: [
          Series(
            name: count == 1 ? sensor.name : "lowest, mean, highest", kind: .band, envelope: member.envelope,
            gap: max(5 * specification.interval / 2, 2000), decimals: sensor.decimals)
        ], startsAtZero: group?.startsAtZero ?? false, limit: rated, height: isPower ? 104 : 64)
    }
  }
}
