import FleetSpec
import World

/// A device that measures behind a connection.
struct Member {
  /// Index in `World.devices`.
  let device: Int32
  var stream: DeviceStream
  /// Readings measured so far.
  var measured: Int64 = 0

  init(world: World, device: Int32, workspace: Workspace) {
    self.device = device
    stream = world.stream(device: Int(device), in: workspace)
  }
}

/// The devices that measure behind one connection, at least one. The first lies in place: most connections have no more.
struct Members {
  private var first: Member
  private var others: [Member]
  /// When the next sample is due, true time; `.max` when none is any more.
  private(set) var nextSampleTime: Milliseconds = .max
  /// Whose sample is due next.
  private var current = 0
  /// Whose sample was taken last.
  private var last = 0
  /// The most readings that all of them make in one round.
  let sensorCount: Int
  private let end: Milliseconds

  /// - Parameters:
  ///   - devices: indices in `World.devices`, ascending.
  ///   - end: no sample is taken from then on.
  init(world: World, devices: ArraySlice<Int32>, end: Milliseconds, workspace: Workspace) {
    // A gateway is there because a device speaks through it, and every other device has sensors.
    precondition(!devices.isEmpty, "a connection without devices that measure")
    let all = devices.map { Member(world: world, device: $0, workspace: workspace) }
    first = all[0]
    others = all.count > 1 ? Array(all.dropFirst()) : []
    sensorCount = all.reduce(0) { $0 + $1.stream.sensorCount }
    self.end = end
    findNext()
  }

  var count: Int { 1 + others.count }

  subscript(_ index: Int) -> Member { index == 0 ? first : others[index - 1] }

  /// Readings measured so far by all of them.
  var measured: Int64 { others.reduce(first.measured) { $0 + $1.measured } }

  private mutating func findNext() {
    current = 0
    nextSampleTime = first.stream.nextSampleTime
    for index in others.indices where others[index].stream.nextSampleTime < nextSampleTime {
      nextSampleTime = others[index].stream.nextSampleTime
      current = index + 1
    }
    if nextSampleTime >= end { nextSampleTime = .max }
  }

  /// Takes the sample that is due next.
  /// - Returns: how many readings it made; `reading` gives them until the next sample of any device of the workspace.
  mutating func sample() -> Int {
    last = current
    let count = last == 0 ? Self.take(&first) : Self.take(&others[last - 1])
    findNext()
    return count
  }

  /// A reading of the sample taken last, on its way out.
  func reading(_ index: Int) -> Outgoing {
    last == 0
      ? Outgoing(reading: first.stream.reading(index), device: first.device)
      : Outgoing(reading: others[last - 1].stream.reading(index), device: others[last - 1].device)
  }

  private static func take(_ member: inout Member) -> Int {
    member.stream.sample()
    member.measured += Int64(member.stream.readingCount)
    return member.stream.readingCount
  }
}
