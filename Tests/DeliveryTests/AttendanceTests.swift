import FleetSpec
import Testing
import World

@testable import Firmware

/// Devices that the load's phases let come and go lose nothing by it.
@Suite struct AttendanceTests {
  @Test(arguments: 1...10) func whoLeavesSendsWhatItHasAndSaysGoodbye(seed: UInt64) throws {
    let world = try Fixture.world(
      seed: seed, devices: 20, duration: "6m", profile: "network_outages: { every: 1m, length: 5s }",
      site: "phases: [{ for: 2m, devices: 100 % }, { for: 1m }, { for: 2m, devices: 0 }, { for: 1m, devices: 50 % }]")
    let network = VirtualNetwork(world: world)
    var isConnected = [Bool](repeating: false, count: world.devices.count)
    var wasAbsent = 0
    network.inspect = { firmware in
      isConnected[firmware.device] = firmware.phase == .connected
      if firmware.isAbsent {
        wasAbsent += 1
        #expect(firmware.phase == .offline && firmware.isIdle)
      }
    }
    network.play()
    #expect(wasAbsent > 0)
    var expected: Int64 = 0
    for device in world.devices.indices {
      var stream = world.stream(device: device)
      while stream.nextSampleTime < world.start + world.fleet.duration {
        #expect(world.isPresent(device, at: stream.nextSampleTime))
        stream.sample()
      }
      expected += stream.nextSeq
      #expect(isConnected[device] == false || world.isPresent(device, at: world.start + world.fleet.duration - 1))
    }
    #expect(network.notebook.deliveries.count == expected && expected > 0)
    #expect(network.notebook.deliveries.allSatisfy { $0.outcome == .acknowledged })
  }
}
