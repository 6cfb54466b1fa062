import FleetSpec
import Payload
import Testing

@testable import World

/// A device's trace is the same bytes whoever else is traced, in which order, in how many workspaces and on how many hosts.
@Suite struct ShardTests {
  private static let seeds: [UInt64] = [1, 7, 42]

  /// Draws for the tests' own choices, apart from those of the world.
  private struct Choices {
    private let stream: RandomStream
    private var index: UInt64 = 0
    init(_ seed: UInt64) { stream = RandomStream(seed: seed, device: 99, stream: 99) }
    mutating func below(_ bound: Int) -> Int {
      index += 1
      return Int(stream.below(UInt64(bound), index))
    }
    mutating func shuffled(_ list: [Int]) -> [Int] {
      var list = list
      for place in list.indices.reversed() { list.swapAt(place, below(place + 1)) }
      return list
    }
  }

  /// Each device traced alone, in a workspace of its own: what everything else is compared with.
  private static func alone(_ world: World, until end: Milliseconds) -> [ByteBuffer] {
    world.devices.indices.map { device in
      var buffer = ByteBuffer()
      var stream = world.stream(device: device)
      let writer = TraceWriter(device: world.devices[device], profile: world.profile(of: device), format: .ndjson)
      while stream.nextSampleTime < end {
        stream.sample()
        writer.writeSample(of: stream, into: &buffer)
      }
      return buffer
    }
  }

  @Test(arguments: seeds) func devicesInterleavedAtRandomInOneWorkspaceOrSeveral(seed: UInt64) {
    let world = World(fleet: Fleets.troubled(seed: seed, count: 5), start: Fleets.start)
    let end = Fleets.start + Fleets.day / 6
    let expected = ShardTests.alone(world, until: end)
    for workspaceCount in [1, 3] {
      var choices = Choices(seed &+ UInt64(workspaceCount))
      let workspaces = (0..<workspaceCount).map { _ in world.workspace() }
      var streams = world.devices.indices.map { world.stream(device: $0, in: workspaces[$0 % workspaceCount]) }
      let writers = world.devices.indices.map {
        TraceWriter(device: world.devices[$0], profile: world.profile(of: $0), format: .ndjson)
      }
      var buffers = world.devices.map { _ in ByteBuffer() }
      var waiting = Array(world.devices.indices)
      while !waiting.isEmpty {
        // Far ahead in time with one device, then back with another: caches of the site must not leak from one to the other.
        let place = choices.below(waiting.count)
        let device = waiting[place]
        for _ in 0...choices.below(40) where streams[device].nextSampleTime < end {
          streams[device].sample()
          writers[device].writeSample(of: streams[device], into: &buffers[device])
        }
        if streams[device].nextSampleTime >= end { waiting.remove(at: place) }
      }
      for device in world.devices.indices { #expect(buffers[device].bytes == expected[device].bytes, "\(world.devices[device].id)") }
    }
  }

  @Test(arguments: seeds) func anySubsetInAnyOrder(seed: UInt64) {
    let world = World(fleet: Fleets.troubled(seed: seed, count: 5), start: Fleets.start)
    let end = Fleets.start + Fleets.day / 12
    let expected = ShardTests.alone(world, until: end)
    var choices = Choices(seed)
    for _ in 0..<5 {
      // Another process would make its world anew.
      let shard = World(fleet: Fleets.troubled(seed: seed, count: 5), start: Fleets.start)
      let workspace = shard.workspace()
      let subset = choices.shuffled(Array(shard.devices.indices)).prefix(1 + choices.below(shard.devices.count))
      for device in subset {
        var buffer = ByteBuffer()
        var stream = shard.stream(device: device, in: workspace)
        let writer = TraceWriter(device: shard.devices[device], profile: shard.profile(of: device), format: .ndjson)
        while stream.nextSampleTime < end {
          stream.sample()
          writer.writeSample(of: stream, into: &buffer)
        }
        #expect(buffer.bytes == expected[device].bytes, "\(shard.devices[device].id)")
      }
    }
  }

  /// A copy of a stream goes on as the original does, as shards that are handed over do.
  @Test(arguments: seeds) func aCopyOfAStreamGoesOnAlike(seed: UInt64) {
    let world = World(fleet: Fleets.troubled(seed: seed, count: 1), start: Fleets.start)
    let workspace = world.workspace()
    for device in world.devices.indices {
      var original = world.stream(device: device, in: workspace)
      for _ in 0..<50 { original.sample() }
      var copy = original
      func readings(_ stream: inout DeviceStream) -> [Reading] {
        (0..<50).flatMap { _ in
          stream.sample()
          return (0..<stream.readingCount).map { stream.reading($0) }
        }
      }
      let first = readings(&copy)
      #expect(readings(&original) == first)
    }
  }
}
