import FleetSpec
import Glibc
import Testing
import World

@testable import Firmware

/// What a fleet costs in memory beside its shared tables, as the allocator counts it.
@Suite(.serialized) struct ResidentMemoryTests {
  private func allocated() -> Int {
    let information = mallinfo2()
    return Int(information.uordblks) + Int(information.hblkhd)
  }

  @Test func namesAreMadeOnDemand() throws {
    let count = 200_000
    let fleet = try Fixture.world(seed: 51, devices: 1).fleet
    var large = fleet
    large.groups[0].count = count
    large.groups[0].deviceIDs = (1...count).map { "d-\($0)" }
    let before = allocated()
    let world = World(fleet: large, start: Fixture.start)
    let perDevice = Double(allocated() - before) / Double(count)
    print("World keeps \(perDevice) bytes a device")
    #expect(perDevice < 96)
    #expect(world.devices[count - 1].sensorID(world.profile(of: 0).sensors[1]) == "d-\(count).humidity")
  }
}
