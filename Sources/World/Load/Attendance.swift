import FleetSpec

/// Which connections are there at which time. The share of them follows the load's phases; who comes first is drawn from the seed, and who
/// came last leaves first.
struct Attendance: Sendable {
  private struct Segment {
    var start: Milliseconds
    var length: Milliseconds
    var from: Double
    var to: Double
  }

  private var segments: [Segment] = []
  private var last: Double
  /// By device: the share above which its connection is there.
  private let ranks: [Float]

  /// - Parameter connections: for each device the one over which it speaks, itself or its gateway.
  /// - Returns: nil when all are there all the time.
  init?(_ phases: [LoadPhase], seed: UInt64, devices: [DeviceIdentity], connections: [Int]) {
    guard phases.contains(where: { $0.devices != nil }) else { return nil }
    var share = 0.0
    var start: Milliseconds = 0
    for phase in phases {
      let target = phase.devices ?? share
      segments.append(Segment(start: start, length: phase.length, from: share, to: target))
      share = target
      start += phase.length
    }
    last = share
    ranks = Self.ranks(seed: seed, devices: devices, connections: connections)
  }

  private static func ranks(seed: UInt64, devices: [DeviceIdentity], connections: [Int]) -> [Float] {
    let own = devices.indices.filter { connections[$0] == $0 }
    let draws = own.map { (RandomEntity(seed: seed, entity: devices[$0].linkEntity).stream(StreamNumber.attendance).bits(0), $0) }
    var ranks = [Float](repeating: 0, count: devices.count)
    for (position, (_, device)) in draws.sorted(by: { ($0.0, $0.1) < ($1.0, $1.1) }).enumerated() {
      ranks[device] = (Float(position) + 0.5) / Float(own.count)
    }
    for device in devices.indices where connections[device] != device { ranks[device] = ranks[connections[device]] }
    return ranks
  }

  private func share(_ elapsed: Milliseconds) -> Double {
    guard let segment = segments.last(where: { $0.start <= elapsed }), elapsed < segment.start + segment.length else { return last }
    return segment.from + (segment.to - segment.from) * (Double(elapsed - segment.start) / Double(segment.length))
  }

  /// - Parameter elapsed: milliseconds since the start of the run, 0 or more.
  func isPresent(_ device: Int, at elapsed: Milliseconds) -> Bool { share(elapsed) > Double(ranks[device]) }

  /// When a device comes or goes next, after a time at which it is or is not there; `.max` for never.
  /// - Parameter elapsed: milliseconds since the start of the run, 0 or more.
  func change(of device: Int, after elapsed: Milliseconds) -> Milliseconds {
    let isPresent = isPresent(device, at: elapsed)
    let rank = Double(ranks[device])
    for segment in segments where segment.start + segment.length > elapsed {
      guard (segment.to > rank) != isPresent || (segment.from > rank) != isPresent else { continue }
      let crossing = segment.from == segment.to ? 0 : (rank - segment.from) / (segment.to - segment.from)
      let about = segment.start + Milliseconds((max(0, min(1, crossing)) * Double(segment.length)).rounded(.down))
      // Rounding may be a millisecond off: the answer is the first at which `isPresent` says the other.
      var time = max(elapsed + 1, about - 1)
      while time <= min(about + 2, segment.start + segment.length) {
        if self.isPresent(device, at: time) != isPresent { return time }
        time += 1
      }
    }
    return .max
  }
}
