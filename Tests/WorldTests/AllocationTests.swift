import CAllocationCount
import Payload
import TestSupport
import Testing

@testable import FleetSpec
@testable import World

@Suite struct AllocationTests {
  @Test func theCounterSeesAllocations() {
    let before = allocation_count()
    var numbers = [UInt64](repeating: before, count: 1000)
    numbers.append(1)
    #expect(allocation_count() >= before + 1)
    #expect(numbers.count == 1001)
  }

  /// Code that is not optimised boxes generic values and closures: the promise is one of release builds.
  @Test(.enabled(if: Build.isOptimised), arguments: 0..<3) func nothingIsAllocatedPerReading(device: Int) {
    var fleet = Fleets.troubled(count: 1)
    fleet.profiles[0].interval = 1000
    expectNoAllocations(of: device, in: fleet, isSureToBoot: device != 2)
  }

  @Test(.enabled(if: Build.isOptimised), arguments: 0..<2) func nothingIsAllocatedPerReadingOfPlaguedSensors(device: Int) {
    expectNoAllocations(of: device, in: Fleets.plagued(count: 1), isSureToBoot: true)
  }

  private func expectNoAllocations(of device: Int, in fleet: Fleet, isSureToBoot: Bool) {
    let world = World(fleet: fleet, start: Fleets.start)
    let profile = world.profile(of: device)
    var stream = world.stream(device: device)
    // As a run does it: one encoder for all devices of a profile, topics made when they are needed.
    let encoder = EventEncoder(profile: profile)
    let identity = world.devices[device]
    let topic = TopicTemplate("telemetry/{site_id}/{device_id}/{sensor_type}/{sensor}/{sensor_id}")
    let json = TraceWriter(device: world.devices[device], profile: profile, format: .ndjson, truth: true)
    let csv = TraceWriter(device: world.devices[device], profile: profile, format: .csv)
    var buffer = ByteBuffer(capacity: 1 << 20)
    var bytes = 0
    func step() {
      stream.sample()
      buffer.removeAll()
      for sensor in 0..<stream.readingCount {
        let reading = stream.reading(sensor)
        encoder.encode(reading, of: identity, copy: sensor, into: &buffer)
        topic.append(device: identity, sensor: profile.sensors[Int(reading.sensor)], into: &buffer)
      }
      json.writeSample(of: stream, into: &buffer)
      csv.writeSample(of: stream, into: &buffer)
      bytes += buffer.count
    }
    // What is made once for all is not counted: the caches of the site, and what the runtime keeps of generic types from their first use on,
    // which for some is in a rare fault.
    for _ in 0..<10_000 { step() }
    let before = allocation_count()
    for _ in 0..<10_000 { step() }
    let after = allocation_count()
    // Ten thousand samples: one that allocates now and then would show; the language's runtime may do so once.
    #expect(after - before <= 2)
    #expect(bytes > 10_000 * 500)
    #expect(stream.nextBoot > 1 || !isSureToBoot)
  }
}
