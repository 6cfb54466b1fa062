import Testing

@testable import FleetSpec
@testable import World

@Suite struct LinkEpisodeTests {
  private func world(_ change: (inout FirmwareProfile) -> Void, count: Int = 1) -> World {
    var profile = Fleets.profile()
    change(&profile)
    return World(fleet: Fleets.fleet(profiles: [profile], count: count), start: Fleets.start)
  }

  @Test func aDeviceWithoutTroubleHasNoEpisodes() {
    #expect(world { _ in }.linkEpisodes(device: 0).isEmpty)
  }

  @Test func everyEpisodeIsInTheTimelineWithItsCause() {
    let world = world {
      $0.linkFaults.dead = Outages(every: 2 * Fleets.hour, length: 300_000, spread: 0.5)
      $0.linkFaults.acknowledgementsLost = Outages(every: 3 * Fleets.hour, length: 60_000, spread: 0)
      $0.connection.certificateExpiry = CertificateExpiry(
        expires: .after(600_000), renewedAfter: DurationRange(lower: 1_200_000, upper: 1_200_000))
    }
    let end = Fleets.start + Fleets.day
    let planned = world.timeline(device: 0, from: Fleets.start, to: end)
    for var episode in world.linkEpisodes(device: 0) {
      let fault: Fault = [.linkDead, .acknowledgementsLost, .certificateExpired][Int(episode.trouble.rawValue)]
      var own: [Outage] = []
      while episode.current.start < end {
        own.append(episode.current)
        episode.advance()
      }
      #expect(!own.isEmpty)
      #expect(planned.filter { $0.fault == fault }.map { Outage(start: $0.start, end: $0.end, cause: $0.cause) } == own)
    }
    let expired = planned.first { $0.fault == .certificateExpired }
    #expect(expired?.start == Fleets.start + 600_000 && expired?.end == Fleets.start + 1_800_000 && expired?.cause == .certificate)
    #expect(planned.filter { $0.fault == .acknowledgementsLost }.allSatisfy { $0.end - $0.start == 60_000 })
  }

  @Test func scheduledEpisodesThatOverlapOthersAreOneWithThem() {
    let world = world {
      $0.linkFaults.dead = Outages(every: Fleets.hour, length: 300_000, spread: 0.5)
      $0.linkFaults.dead.schedule = [
        ScheduledOutage(beginning: .after(Fleets.hour), length: 4 * Fleets.hour),
        ScheduledOutage(beginning: .after(2 * Fleets.hour), length: Fleets.hour),
      ]
    }
    var episode = world.linkEpisodes(device: 0)[0]
    var end: Milliseconds = 0
    var longest: Milliseconds = 0
    while episode.current.start < Fleets.start + Fleets.day {
      #expect(episode.current.start > end && episode.current.end > episode.current.start)
      end = episode.current.end
      longest = max(longest, episode.current.end - episode.current.start)
      episode.advance()
    }
    #expect(longest >= 4 * Fleets.hour)
  }

  @Test func aCertificateExpiresOnceAndIsRenewedAtATimeOfItsOwn() {
    let world = world(
      {
        $0.connection.certificateExpiry = CertificateExpiry(
          expires: .at(Fleets.start + Fleets.hour), renewedAfter: DurationRange(lower: 0, upper: Fleets.hour))
      }, count: 50)
    var ends: Set<Milliseconds> = []
    for device in 0..<50 {
      var episode = world.linkEpisodes(device: device)[0]
      #expect(episode.current.start == Fleets.start + Fleets.hour)
      #expect(episode.current.end <= Fleets.start + 2 * Fleets.hour)
      ends.insert(episode.current.end)
      episode.advance()
      #expect(episode.current == .never)
    }
    #expect(ends.count > 45)
  }
}
