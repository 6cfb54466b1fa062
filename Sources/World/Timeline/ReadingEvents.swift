import FleetSpec

extension World {
  /// What shows in single readings: found by measuring them.
  func addReadingEvents(of device: Int, to timeline: inout Timeline) {
    let identity = devices[device]
    let profile = profiles[identity.profile]
    let random = RandomEntity(seed: fleet.seed, entity: identity.randomEntity)
    var stretches = [ReadingStretches](repeating: ReadingStretches(), count: profile.sensors.count)
    var stream = stream(device: device)
    while stream.nextSampleTime < timeline.to {
      let time = stream.nextSampleTime
      stream.sample()
      for index in 0..<stream.readingCount {
        let reading = stream.reading(index)
        stretches[Int(reading.sensor)].take(reading, &timeline)
      }
      for (index, sensor) in profile.sensors.enumerated() where sensor.troubles?.dropsSingly(random, at: time) == true {
        timeline.add(PlannedEvent(start: time, end: time + 1, fault: .dropout, cause: .sensor, sensor: Int32(index)))
      }
    }
    for index in stretches.indices { stretches[index].end(&timeline) }
  }
}

/// Makes events of the faults in a sensor's readings: one for each reading, or one for a whole stretch where a fault lasts.
private struct ReadingStretches {
  private var open = [PlannedEvent?](repeating: nil, count: ReadingStretches.lasting.count)

  private static let single: [(fault: Fault, cause: Cause)] = [
    (.spike, .sensor), (.recalibrated, .sensor), (.rolledOver, .counter), (.midnightReset, .counter), (.resetAtBoot, .counter),
    (.malformed, .payload),
  ]
  private static let lasting: [(fault: Fault, cause: Cause)] = [
    (.saturated, .sensor), (.zeroAfterBoot, .counter), (.unitSwapped, .update),
  ]

  mutating func take(_ reading: Reading, _ timeline: inout Timeline) {
    for kind in ReadingStretches.single where reading.faults.contains(kind.fault) {
      timeline.add(event(reading, kind.fault, kind.cause))
    }
    for (index, kind) in ReadingStretches.lasting.enumerated() {
      if reading.faults.contains(kind.fault) {
        if open[index] == nil { open[index] = event(reading, kind.fault, kind.cause) }
        open[index]?.end = reading.trueTime + 1
      } else if let event = open[index] {
        timeline.add(event)
        open[index] = nil
      }
    }
  }

  mutating func end(_ timeline: inout Timeline) {
    for event in open { if let event { timeline.add(event) } }
  }

  private func event(_ reading: Reading, _ fault: Fault, _ cause: Cause) -> PlannedEvent {
    PlannedEvent(start: reading.trueTime, end: reading.trueTime + 1, fault: fault, cause: cause, sensor: reading.sensor)
  }
}
