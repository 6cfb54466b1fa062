import FleetSpec

extension World {
  /// How far ordinary clocks may be behind the true time, milliseconds.
  public var clockMarginBefore: Milliseconds { ClockMargin(fleet, start: start).before }

  /// How far ordinary clocks may be ahead of the true time, milliseconds.
  public var clockMarginAfter: Milliseconds { ClockMargin(fleet, start: start).after }

  /// The instants in which the timestamps of nearly all readings lie: the run, and before and after it the ordinary errors of clocks.
  public var timestampRange: Range<Milliseconds> {
    let margin = ClockMargin(fleet, start: start)
    return (start - margin.before)..<(start + fleet.duration + margin.after)
  }

  /// How many readings there can be at most, about.
  public var expectedReadings: Int64 {
    devices.indices.reduce(Int64(0)) { sum, device in
      // What goes over a second link was measured already.
      guard !devices[device].isSecondLink else { return sum }
      let profile = profile(of: device)
      let interval = profile.laterVersions.reduce(profile.interval) { min($0, $1.interval) }
      let samples = Double(fleet.duration) * sampling(from: start, to: start + fleet.duration) / Double(max(1, interval))
      return sum + Int64(samples) * Int64(profile.sensors.count)
    }
  }

  /// How many different sensors the devices have: twins share those of their original.
  public var sensorCount: Int {
    devices.indices.reduce(0) { $0 + (devices[$1].twin == nil ? profile(of: $1).sensors.count : 0) }
  }
}
