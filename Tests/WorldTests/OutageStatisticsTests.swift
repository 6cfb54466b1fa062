import Glibc
import TestSupport
import Testing

@testable import FleetSpec
@testable import World

/// Over more than 10,000 device-days, interruptions come and last as the fleet file says.
@Suite struct OutageStatisticsTests {
  static let every: Milliseconds = 6 * Fleets.hour
  static let length: Milliseconds = 120_000

  /// Gaps and lengths in milliseconds of 1,000 entities over about ten days each.
  static func sample(_ outages: Outages) -> (gaps: [Double], lengths: [Double]) {
    var gaps: [Double] = []
    var lengths: [Double] = []
    let plan = OutagePlan(
      outages, cause: .device, gap: StreamNumber.deviceNetworkGap, length: StreamNumber.deviceNetworkLength, start: Fleets.start)
    for entity in 0..<1000 as Range<UInt64> {
      var process = OutageProcess(plan, of: RandomEntity(seed: 42, entity: entity))
      var last = Fleets.start
      for _ in 0..<40 {
        gaps.append(Double(process.next.start - last))
        lengths.append(Double(process.next.end - process.next.start))
        last = process.next.end
        process.advance()
      }
    }
    return (gaps, lengths)
  }

  static func outages(spacing: Outages.Distribution, _ spacingShape: Double, lengths: Outages.Distribution, _ lengthShape: Double)
    -> Outages
  {
    var outages = Outages(every: every, length: length, spread: 0.8)
    outages.spacing = spacing
    outages.spacingShape = spacingShape
    outages.lengths = lengths
    outages.lengthShape = lengthShape
    return outages
  }

  @Test func exponentialGapsAndLogNormalLengths() {
    let (gaps, lengths) = Self.sample(Outages(every: Self.every, length: Self.length, spread: 0.8))
    let spacing = Statistics.kolmogorovSmirnov(gaps, Distributions.exponential(mean: Double(Self.every)))
    let fit = Statistics.kolmogorovSmirnov(lengths, Distributions.logNormal(median: Double(Self.length), spread: 0.8))
    #expect(!spacing.isImplausible, "\(spacing)")
    #expect(!fit.isImplausible, "\(fit)")
    #expect(gaps.reduce(0, +) > 10_000 * Double(Fleets.day) * 0.98)
  }

  @Test(arguments: [0.7, 1.5]) func weibull(shape: Double) {
    let (gaps, lengths) = Self.sample(Self.outages(spacing: .weibull, shape, lengths: .weibull, shape))
    let scale = 1 / tgamma(1 + 1 / shape)
    let spacing = Statistics.kolmogorovSmirnov(gaps, Distributions.weibull(scale: Double(Self.every) * scale, shape: shape))
    let fit = Statistics.kolmogorovSmirnov(lengths, Distributions.weibull(scale: Double(Self.length) * scale, shape: shape))
    #expect(!spacing.isImplausible, "\(spacing)")
    #expect(!fit.isImplausible, "\(fit)")
    let wrong = Statistics.kolmogorovSmirnov(gaps, Distributions.exponential(mean: Double(Self.every)))
    #expect(wrong.isImplausible)
  }

  @Test func logNormalGapsWithTheMeanAskedForAndExponentialLengths() {
    let (gaps, lengths) = Self.sample(Self.outages(spacing: .logNormal, 1, lengths: .exponential, 1))
    let median = Double(Self.every) * exp(-0.5)
    let spacing = Statistics.kolmogorovSmirnov(gaps, Distributions.logNormal(median: median, spread: 1))
    let fit = Statistics.kolmogorovSmirnov(lengths, Distributions.exponential(mean: Double(Self.length)))
    #expect(!spacing.isImplausible, "\(spacing)")
    #expect(!fit.isImplausible, "\(fit)")
  }

  @Test func fixedIsFixed() {
    let (gaps, lengths) = Self.sample(Self.outages(spacing: .fixed, 1, lengths: .fixed, 1))
    #expect(Set(gaps) == [Double(Self.every)] && Set(lengths) == [Double(Self.length)])
  }

  @Test func watchdogsBiteAsOftenAsAsked() {
    var profile = Fleets.profile()
    profile.watchdogResets = Outages(every: 30 * Fleets.day, length: 2_000, spread: 0)
    let world = World(fleet: Fleets.fleet(profiles: [profile], count: 400), start: Fleets.start)
    var gaps: [Double] = []
    for device in world.devices.indices {
      var schedule = world.powerOutages(device: device)
      var last = Fleets.start
      for _ in 0..<5 {
        #expect(schedule.current.cause == .watchdog)
        gaps.append(Double(schedule.current.start - last))
        last = schedule.current.end
        schedule.advance()
      }
    }
    let fit = Statistics.kolmogorovSmirnov(gaps, Distributions.exponential(mean: 30 * Double(Fleets.day)))
    #expect(!fit.isImplausible, "\(fit)")
  }

  @Test func aCarrierTakesAllItsDevicesDownAtOnceAndNobodyElses() {
    var fleet = Fleets.fleet(
      sites: [Fleets.site("a"), Fleets.site("b")], profiles: [Fleets.profile(), Fleets.profile("weather", plant: nil, sensors: [])],
      count: 3)
    fleet.carriers = [Carrier(name: "north", networkOutages: Outages(every: Fleets.hour, length: 60_000, spread: 0.5))]
    fleet.groups[0].carrier = 0
    let world = World(fleet: fleet, start: Fleets.start)
    let all = world.devices.indices.map { device in
      world.timeline(device: device, from: Fleets.start, to: Fleets.start + Fleets.day).filter { $0.fault == .networkLost }
    }
    #expect(all[0].count > 10 && all[0] == all[1] && all[1] == all[2])
    #expect(all[0].allSatisfy { $0.cause == .carrier })
    #expect(all[3...].allSatisfy { $0.isEmpty })
  }

  @Test func flappingGoesDownAndUpWithinAnEpisode() {
    var profile = Fleets.profile()
    profile.flapping = Flapping(episodes: Outages(every: 2 * Fleets.day, length: 600_000, spread: 0), up: 20_000, down: 5_000)
    let world = World(fleet: Fleets.fleet(profiles: [profile]), start: Fleets.start)
    let events = world.timeline(device: 0, from: Fleets.start, to: Fleets.start + 30 * Fleets.day)
    #expect(events.allSatisfy { $0.cause == .flapping && $0.fault == .networkLost && $0.end - $0.start <= 5_000 })
    let gaps = zip(events, events.dropFirst()).map { $1.start - $0.end }
    let episodes = gaps.count { $0 > 20_000 } + 1
    // 600 s of 25 s each.
    #expect(events.count == episodes * 24)
    #expect(gaps.allSatisfy { $0 == 20_000 || $0 > 60_000 })
  }
}
