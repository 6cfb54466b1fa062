import Testing
import World

/// What every device of a fleet costs in memory beside the shared tables.
@Suite struct ResidentMemoryTests {
  /// Up to 15 bytes of an identifier lie in place; names of sensors, topics and payloads are made when they are needed.
  @Test func aDeviceIsNamedInAFewBytes() throws {
    #expect(MemoryLayout<DeviceIdentity>.stride <= 64, "\(MemoryLayout<DeviceIdentity>.stride)")
    let world = try Fixture.world(seed: 51, devices: 2)
    #expect(world.profile(of: 1).sensors.map(world.devices[1].sensorID) == ["d-2.temperature", "d-2.humidity"])
  }
}
