import FleetSpec

/// What goes wrong with a sensor, worked out once for all devices of a profile.
final class TroubleDesign: Sendable {
  private let troubles: SensorTroubles
  private let spikes: Spikes
  private let death: SlowDeath
  private let recalibration: Recalibration
  private let counter: CounterDesign?
  private let streams: StreamNumber.SensorStreams
  private let sensor: Int32
  private let start: Milliseconds
  private let stuck: OutagePlan
  private let dropouts: OutagePlan
  private let range: Double
  /// Where among the states and episodes of the device this sensor has its own.
  let slots: SensorSlots

  init(_ sensor: Sensor, index: Int, start: Milliseconds, slots: SensorSlots) {
    troubles = sensor.troubles
    spikes = Spikes(probability: troubles.spikes, size: troubles.spikeSize)
    death = SlowDeath(life: troubles.life, dying: troubles.dying)
    recalibration = Recalibration(interval: troubles.recalibration)
    counter = troubles.counter.map { CounterDesign($0) }
    streams = StreamNumber.SensorStreams(sensor: index)
    self.sensor = Int32(index)
    self.start = start
    stuck = OutagePlan(troubles.stuck, cause: .sensor, gap: streams.stuckGap, length: streams.stuckLength, start: start)
    dropouts = OutagePlan(troubles.dropouts, cause: .sensor, gap: streams.dropoutGap, length: streams.dropoutLength, start: start)
    range = sensor.maximum - sensor.minimum
    self.slots = slots
  }

  /// What a device's sensor shows.
  /// - Parameter value: true value in the quantity's own unit.
  func measure(_ value: Double, _ design: SensorDesign, _ sample: borrowing SensorSample, _ memory: inout SensorMemory) -> Shown {
    var faults: FaultSet = []
    var shownValue = counter == nil ? felt(value, design, sample, &memory, &faults) : counted(value, design, sample, &memory, &faults)
    let progress = death.life > 0 ? wither(&shownValue, design, sample, &faults) : 0
    if let jump = spikes.jump(
      sample.device.stream(streams.spikes), sample.device.stream(streams.spikeSize), index: UInt64(bitPattern: sample.time))
    {
      shownValue += jump
      faults.insert(.spike)
    }
    var shown = design.rounded(shownValue, version: sample.version)
    if progress >= 1 {
      shown = Shown(
        value: design.scale(sample.version).nearestToZero, quality: .sensorFault, faults: shown.faults.intersection(FaultSet(.unitSwapped)))
    }
    shown.faults.formUnion(faults)
    if slots.stuck >= 0 { holdWhileStuck(&shown, sample, &memory) }
    shown.exists = !isDropped(sample, &memory)
    if slots.state >= 0, shown.exists, !shown.faults.contains(.stuck) {
      shown.faults.formUnion(memory.states[slots.state].pending)
      memory.states[slots.state].pending = []
    }
    return shown
  }

  /// What the sensing element and its electronics make of the true value, in the sensor's unit.
  private func felt(
    _ value: Double, _ design: SensorDesign, _ sample: borrowing SensorSample, _ memory: inout SensorMemory, _ faults: inout FaultSet
  ) -> Double {
    var truth = design.converted(value)
    if troubles.lag > 0 {
      let followed = FirstOrderLag.followed(
        truth, shown: memory.states[slots.state].followed, elapsed: sample.sinceLast, timeConstant: troubles.lag)
      memory.states[slots.state].followed = design.isOff(value) ? truth : followed
      truth = followed
    }
    let visits = sample.device.stream(streams.recalibration)
    let epoch = recalibration.count(elapsed: sample.elapsed, visits)
    let driftTime = epoch == 0 ? sample.elapsed : sample.elapsed - recalibration.instant(epoch, visits)
    if epoch > 0, driftTime < sample.sinceLast { memory.states[slots.state].pending.insert(.recalibrated) }
    if design.isOff(value) { return 0 }
    var shown = design.inaccurate(truth, isZero: false, driftTime: driftTime, sample)
    if troubles.randomWalk != 0 {
      shown += troubles.randomWalk * RandomWalk.value(after: driftTime, epoch: UInt64(epoch), sample.device.stream(streams.walk))
    }
    if troubles.flickerNoise > 0 {
      shown += troubles.flickerNoise * FlickerNoise.value(at: sample.time, sample.device.stream(streams.flicker))
    }
    return shown
  }

  private func counted(
    _ total: Double, _ design: SensorDesign, _ sample: borrowing SensorSample, _ memory: inout SensorMemory, _ faults: inout FaultSet
  ) -> Double {
    guard let counter else { return 0 }
    let day = counter.register.reset == .midnight ? counter.day(at: sample.time, sample.place.localTime) : 0
    return counter.shown(
      design.counted(total, sample.device), boot: sample.boot, day: day, &memory.states[slots.state], faults: &faults)
  }

  private func wither(
    _ value: inout Double, _ design: SensorDesign, _ sample: borrowing SensorSample, _ faults: inout FaultSet
  ) -> Double {
    let onset = death.onset(sample.device.stream(streams.life))
    guard sample.elapsed >= onset else { return 0 }
    let progress = death.progress(elapsed: sample.elapsed, onset: onset)
    faults.insert(.dying)
    let noise = sample.device.stream(streams.dyingNoise).normal(UInt64(bitPattern: sample.time))
    value = value * (1 - progress) + SlowDeath.finalNoise * range * progress * noise
    return progress
  }

  private func holdWhileStuck(_ shown: inout Shown, _ sample: borrowing SensorSample, _ memory: inout SensorMemory) {
    if memory.isUnderWay(slots.stuck, at: sample.time) {
      let state = memory.states[slots.state]
      // A sensor that is stuck from its first sample on holds that.
      if state.held != .min { shown = Shown(value: state.held, quality: .good, faults: shown.faults) }
      // What the value shows no more is not in the reading; only what holds by the clock stays named.
      shown.faults.formIntersection([FaultSet(.dying), FaultSet(.unitSwapped)])
      shown.faults.insert(.stuck)
    }
    memory.states[slots.state].held = shown.value
  }

  private func isDropped(_ sample: borrowing SensorSample, _ memory: inout SensorMemory) -> Bool {
    if slots.dropout >= 0, memory.isUnderWay(slots.dropout, at: sample.time) { return true }
    return dropsSingly(sample.device, at: sample.time)
  }

  /// Whether the reading of a sample is missing for itself, apart from any episode.
  func dropsSingly(_ device: RandomEntity, at time: Milliseconds) -> Bool {
    troubles.dropout > 0 && device.stream(streams.dropout).uniform(UInt64(bitPattern: time)) < troubles.dropout
  }

  /// Puts the episodes of a device where `slots` looks for them.
  func addEpisodes(of device: RandomEntity, to episodes: inout [OutageProcess]) {
    if slots.stuck >= 0 { episodes.append(OutageProcess(stuck, of: device)) }
    if slots.dropout >= 0 { episodes.append(OutageProcess(dropouts, of: device)) }
  }

  /// What the seed has planned by the clock.
  func addEvents(of device: RandomEntity, to timeline: inout Timeline) {
    for (fault, slot, plan) in [(Fault.stuck, slots.stuck, stuck), (.dropout, slots.dropout, dropouts)] where slot >= 0 {
      var process = OutageProcess(plan, of: device)
      while process.next.start < timeline.to {
        timeline.add(PlannedEvent(start: process.next.start, end: process.next.end, fault: fault, cause: .sensor, sensor: sensor))
        process.advance()
      }
    }
    let onset = death.onset(device.stream(streams.life))
    if onset < .max { timeline.add(PlannedEvent(start: start + onset, end: .max, fault: .dying, cause: .sensor, sensor: sensor)) }
  }
}
