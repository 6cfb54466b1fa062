import FleetSpec

extension World {
  /// How much more than at the usual rate devices sample between two instants: 1 is usual. Says nothing of who is there.
  public func sampling(from: Milliseconds, to: Milliseconds) -> Double {
    guard let rates, to > from else { return 1 }
    return (rates.work(at: max(0, to - start)) - rates.work(at: max(0, from - start))) / Double(to - from)
  }

  /// The share of a stretch of time during which the load's phases have a device there, 0...1.
  /// - Parameter device: index in `devices`.
  public func attendance(of device: Int, from: Milliseconds, to: Milliseconds) -> Double {
    guard attendance != nil, to > from else { return 1 }
    var time = from
    var there: Milliseconds = 0
    while time < to {
      let next = min(to, attendanceChange(of: device, after: time))
      if isPresent(device, at: time) { there += next - time }
      time = next
    }
    return Double(there) / Double(to - from)
  }

  /// Whether the load's phases have a device there.
  /// - Parameter device: index in `devices`.
  public func isPresent(_ device: Int, at time: Milliseconds) -> Bool {
    attendance?.isPresent(device, at: max(0, time - start)) ?? true
  }

  /// When the load's phases let a device come or go next; `.max` for never.
  /// - Parameter device: index in `devices`.
  public func attendanceChange(of device: Int, after time: Milliseconds) -> Milliseconds {
    guard let change = attendance?.change(of: device, after: max(0, time - start)), change < .max else { return .max }
    return start + change
  }

  /// The reconnect storms that hit a connection.
  func stormSources(_ entity: RandomEntity) -> [OutageSource] {
    storms.enumerated().compactMap { index, storm in
      guard entity.stream(StreamNumber.reconnectStorm).uniform(UInt64(index)) < storm.share else { return nil }
      return .process(OutageProcess(storm.plan, of: entity))
    }
  }
}
