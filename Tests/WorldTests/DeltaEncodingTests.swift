import Payload
import Testing

@testable import FleetSpec
@testable import World

@Suite struct DeltaEncodingTests {
  private func fleet(_ encoding: ValueEncoding, reporting: ReportingPolicy = .all, malformed: Double = 0) -> Fleet {
    var profile = Fleets.profile(power: Outages(every: 2 * Fleets.hour, length: 60_000, spread: 0.5), malformed: malformed)
    profile.reporting = reporting
    profile.sensors[5].encoding = encoding
    profile.sensors[6].encoding = encoding
    return Fleets.fleet(profiles: [profile])
  }

  private func readings(_ fleet: Fleet, hours: Int64 = 12) -> [Reading] {
    var stream = World(fleet: fleet, start: Fleets.start).stream(device: 0)
    var list: [Reading] = []
    while stream.nextSampleTime < Fleets.start + hours * Fleets.hour {
      stream.sample()
      for index in 0..<stream.readingCount { list.append(stream.reading(index)) }
    }
    return list
  }

  /// The totals that a receiver of all readings in their order works out.
  private func decoded(_ readings: [Reading]) -> [Int64] {
    var totals: [Int32: Int64] = [:]
    return readings.map { reading in
      guard reading.sensor >= 5 else { return reading.value }
      let total = reading.isDifference ? totals[reading.sensor, default: 0] + reading.value : reading.value
      totals[reading.sensor] = total
      return total
    }
  }

  @Test(arguments: [ReportingPolicy.all, ReportingPolicy(mode: .onChange, deadband: 0, heartbeat: 900_000)])
  func differencesAddUpToWhatWasShown(reporting: ReportingPolicy) {
    let whole = readings(fleet(.absolute, reporting: reporting))
    let differences = readings(fleet(.delta, reporting: reporting))
    #expect(decoded(differences) == whole.map(\.value))
    #expect(differences.map(\.timestamp) == whole.map(\.timestamp))
    #expect(whole.allSatisfy { !$0.isDifference })
    #expect(differences.filter { $0.sensor < 5 }.allSatisfy { !$0.isDifference })
  }

  @Test func onlyTheFirstReadingOfABootIsWhole() {
    let counter = readings(fleet(.delta)).filter { $0.sensor == 5 }
    let whole = counter.filter { !$0.isDifference }
    #expect(Set(counter.map(\.boot)).count > 3)
    #expect(whole.map(\.boot) == Array(Set(counter.map(\.boot))).sorted())
    #expect(counter.filter(\.isDifference).allSatisfy { $0.value >= 0 && $0.value < 1000 })
  }

  @Test func aBrokenPayloadDoesNotShiftTheDifferencesThatFollow() {
    let whole = readings(fleet(.absolute, malformed: 0.05))
    let differences = readings(fleet(.delta, malformed: 0.05))
    #expect(whole.contains { $0.malformation != .none })
    #expect(decoded(differences) == whole.map(\.value))
  }

  @Test func thePayloadSaysThatItsValueIsADifference() {
    let fleet = fleet(.delta)
    let world = World(fleet: fleet, start: Fleets.start)
    let encoder = EventEncoder(device: world.devices[0], profile: fleet.profiles[0])
    var stream = world.stream(device: 0)
    for isFirst in [true, false] {
      stream.sample()
      for index in 0..<stream.readingCount {
        var buffer = ByteBuffer()
        encoder.encode(stream.reading(index), into: &buffer)
        let text = String(decoding: buffer.bytes, as: UTF8.self)
        #expect(text.contains(#""encoding":"delta""#) == (!isFirst && stream.reading(index).sensor >= 5))
      }
    }
  }
}
