import Testing
import World

@testable import Firmware
@testable import FleetSpec

@Suite struct UploadTests {
  private static let calm = "faults: {redelivery: 0, repeats: 0, late: 0}"
  private static let day: Milliseconds = 86_400_000

  private func clock(_ every: Milliseconds, at: Milliseconds = 0, delay: ClosedRange<Milliseconds>, device: UInt64 = 1) -> UploadClock {
    UploadClock(
      schedule: UploadSchedule(
        every: every, at: at, delay: DurationRange(lower: delay.lowerBound, upper: delay.upperBound), disconnects: false),
      device: RandomEntity(seed: 1, entity: device), timeZone: .universal)
  }

  @Test func uploadsAreOnRoundTimesPlusTheirDelay() {
    let quarter = clock(900_000, delay: 0...600_000)
    var time = Fixture.start - 1
    for index in Int64(0)..<1_000 {
      let next = quarter.next(after: time)
      let round = Fixture.start + index * 900_000
      #expect(next > time && round <= next && next <= round + 600_000)
      // The same from wherever one looks.
      #expect(quarter.next(after: next - 1) == next)
      time = next
    }
  }

  @Test func aDailyUploadIsAtItsTimeOfDay() {
    let daily = clock(Self.day, at: 3_600_000, delay: 60_000...60_000)
    let first = daily.next(after: Fixture.start)
    #expect(first % Self.day == 3_660_000)
    #expect(daily.next(after: first) == first + Self.day)
    #expect(daily.next(after: -10 * Self.day) == -10 * Self.day + 3_660_000)
  }

  /// At one o'clock by the clock on the wall, in summer and in winter; on the day on which two o'clock is missing, too.
  @Test func aDailyUploadFollowsTheLocalDay() {
    let hour: Milliseconds = 3_600_000
    let change: Milliseconds = 1_774_746_000_000  // 2026-03-29T01:00:00Z, when Central Europe goes from UTC+1 to UTC+2
    let zone = TimeZoneRules(name: "test", periods: [.init(since: 0, offset: hour), .init(since: change, offset: 2 * hour)])
    let clock = UploadClock(
      schedule: UploadSchedule(every: Self.day, at: hour, delay: DurationRange(lower: 0, upper: 0), disconnects: false),
      device: RandomEntity(seed: 1, entity: 1), timeZone: zone)
    var time = change - 3 * Self.day
    var shown: [Milliseconds] = []
    var gaps: [Milliseconds] = []
    for _ in 0..<6 {
      let next = clock.next(after: time)
      shown.append((next + zone.offset(at: next)) % Self.day)
      gaps.append(next - time)
      time = next
    }
    #expect(shown.allSatisfy { $0 == hour })
    #expect(gaps.dropFirst().filter { $0 == Self.day - hour }.count == 1)
    #expect(gaps.dropFirst().filter { $0 == Self.day }.count == 4)
  }

  /// The device is connected only while it uploads, and everything that an upload finds leaves with it.
  @Test(arguments: [true, false]) func everyUploadEmptiesTheBuffer(disconnects: Bool) throws {
    let profile = """
      \(Self.calm)
      upload: {every: 2m, delay: 0s..30s, disconnect: \(disconnects)}
      buffer: {replay_rate: unlimited}
      """
    let world = try Fixture.world(seed: 41, duration: "20m", profile: profile)
    let network = VirtualNetwork(world: world)
    network.play()
    for device in world.devices.indices {
      let events = network.notebook.events.filter { $0.device == device }
      let begins = events.filter { $0.event == .uploadBegan }.map(\.time)
      let ends = events.filter { $0.event == .uploadEnded }.map(\.time)
      #expect(begins.count >= 9 && begins.count - ends.count <= 1)
      #expect(events.filter { $0.event == .connected }.count == (disconnects ? begins.count : 1))
      for delivery in network.notebook.deliveries where delivery.device == device && delivery.attempts > 0 {
        #expect(zip(begins, ends).contains { $0 <= delivery.firstSent && delivery.firstSent <= $1 }, "\(delivery)")
      }
      for (begin, end) in zip(begins, ends) {
        let left = network.notebook.deliveries.filter {
          $0.device == device && $0.trueTime <= begin && ($0.firstSent == 0 || $0.firstSent > end)
        }
        #expect(left.isEmpty)
      }
    }
    // What was measured after the last upload stays on the device: the ledger says so, and nobody calls it lost.
    #expect(network.notebook.deliveries.allSatisfy { $0.outcome == .acknowledged || $0.outcome == .withheld })
  }

  @Test func anUploadThatMeetsAnOutageGoesOnAfterIt() throws {
    let profile = """
      \(Self.calm)
      network_outages: {every: 3m, length: 2m, spread: 0.5}
      upload: {every: 2m, delay: 0s..30s, disconnect: true}
      buffer: {replay_rate: unlimited}
      """
    let network = VirtualNetwork(world: try Fixture.world(seed: 42, duration: "30m", profile: profile), weather: .init(refusal: 0.3))
    network.play()
    let later = network.notebook.deliveries.filter { $0.outcome == .acknowledged && $0.firstSent - $0.trueTime > 180_000 }
    #expect(later.count > 50)
    #expect(network.notebook.deliveries.allSatisfy { $0.outcome == .acknowledged || $0.outcome == .withheld })
  }
}
