import Payload
import Testing

@testable import FleetSpec
@testable import World

@Suite struct DeterminismTests {
  /// FNV-1a, 64 bits (Fowler, Noll, Vo).
  static func hash(_ buffer: ByteBuffer) -> UInt64 {
    buffer.withUnsafeBytes { $0.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 } }
  }

  static func trace(_ world: World, device: Int, days: Int64 = 1) -> ByteBuffer {
    var buffer = ByteBuffer()
    var stream = world.stream(device: device)
    let writer = TraceWriter(device: world.devices[device], profile: world.profile(of: device), format: .ndjson)
    while stream.nextSampleTime < world.start + days * Fleets.day {
      stream.sample()
      writer.writeSample(of: stream, into: &buffer)
    }
    return buffer
  }

  /// Holds on every machine, in debug and in release. It changes only when the world is changed on purpose.
  @Test func aDayOfASmallFleetIsTheSameBytesEverywhere() {
    let world = World(fleet: Fleets.troubled(), start: Fleets.start)
    var all = ByteBuffer()
    for device in world.devices.indices { all.append(DeterminismTests.trace(world, device: device).bytes) }
    #expect(DeterminismTests.hash(all) == 0x3A6F_CB57_2FB9_444F)
  }

  @Test func theOrderOfDevicesDoesNotMatterNorDoesInterleaving() {
    let world = World(fleet: Fleets.troubled(), start: Fleets.start)
    let forwards = world.devices.indices.map { DeterminismTests.hash(DeterminismTests.trace(world, device: $0)) }
    let again = World(fleet: Fleets.troubled(), start: Fleets.start)
    let backwards = again.devices.indices.reversed().map { DeterminismTests.hash(DeterminismTests.trace(again, device: $0)) }
    #expect(forwards == backwards.reversed())

    var streams = world.devices.indices.map { world.stream(device: $0) }
    var buffers = world.devices.map { _ in ByteBuffer() }
    let writers = world.devices.indices.map {
      TraceWriter(device: world.devices[$0], profile: world.profile(of: $0), format: .ndjson)
    }
    while let next = streams.indices.min(by: { streams[$0].nextSampleTime < streams[$1].nextSampleTime }),
      streams[next].nextSampleTime < Fleets.start + Fleets.day
    {
      streams[next].sample()
      writers[next].writeSample(of: streams[next], into: &buffers[next])
    }
    #expect(buffers.map(DeterminismTests.hash) == forwards)
  }

  @Test func aDeviceDoesNotChangeWhenOthersAreAddedOrTakenAway() {
    let small = World(fleet: Fleets.troubled(count: 2), start: Fleets.start)
    let large = World(fleet: Fleets.troubled(count: 6), start: Fleets.start)
    for (index, device) in small.devices.enumerated() {
      guard let other = large.devices.firstIndex(where: { $0.id == device.id }) else {
        Issue.record("\(device.id) is missing in the larger fleet")
        continue
      }
      #expect(
        DeterminismTests.hash(DeterminismTests.trace(small, device: index))
          == DeterminismTests.hash(DeterminismTests.trace(large, device: other)))
    }
  }

  @Test func anotherSeedIsAnotherWorld() {
    let one = World(fleet: Fleets.troubled(seed: 1), start: Fleets.start)
    let two = World(fleet: Fleets.troubled(seed: 2), start: Fleets.start)
    for device in one.devices.indices {
      #expect(
        DeterminismTests.hash(DeterminismTests.trace(one, device: device))
          != DeterminismTests.hash(DeterminismTests.trace(two, device: device)))
    }
  }

  @Test func devicesHaveTheirIdentitiesInFileOrder() {
    let world = World(fleet: Fleets.troubled(), start: Fleets.start)
    #expect(world.devices.map(\.id) == ["inv-1", "inv-2", "wea-1", "wea-2", "cel-1", "cel-2"])
    #expect(world.devices.map(\.siteID) == ["site-01", "site-02", "site-01", "site-02", "site-01", "site-02"])
    #expect(
      world.profile(of: 5).sensors.map(world.devices[5].sensorID) == [
        "cel-2.ambient_temperature", "cel-2.battery_voltage", "cel-2.signal_strength",
      ])
    #expect(world.profile(of: 3).name == "weather-station")
  }
}
