import Glibc
import TestSupport
import Testing

@testable import FleetSpec
@testable import World

/// What goes wrong with clocks: as often and as much as asked, and never without an event in the timeline.
@Suite struct ClockFaultTests {
  static let place = SiteEnvironment(site: Fleets.site(), fleet: Fleets.fleet(), start: Fleets.start)

  static func clock(_ change: (inout DeviceClock) -> Void) -> DeviceClock {
    var clock = DeviceClock(offset: 40, driftPPM: 20, synchronisation: Fleets.hour)
    change(&clock)
    return clock
  }

  static func entity(_ number: UInt64) -> RandomEntity { RandomEntity(seed: 42, entity: number) }

  static func error(_ model: DeviceClockModel, at time: Milliseconds, of device: RandomEntity, in place: SiteEnvironment = place) -> Double
  {
    Double(model.reading(at: time, of: device, boot: 1, setAt: .min, place: place).timestamp - time)
  }

  @Test func errorsAfterASynchronisationAndRatesAreNormal() {
    let model = DeviceClockModel(Self.clock { $0.offset = 4000 }, start: Fleets.start)
    var offsets: [Double] = []
    var rates: [Double] = []
    for number in 0..<10_000 as Range<UInt64> {
      let device = Self.entity(number)
      let epoch = model.epoch(at: Fleets.start + Fleets.day, of: device)
      let first = model.ordinaryError(at: epoch.start, in: epoch, of: device, temperature: nil)
      offsets.append(first)
      rates.append((model.ordinaryError(at: epoch.end, in: epoch, of: device, temperature: nil) - first) / 3.6)
      #expect(epoch.start <= Fleets.start + Fleets.day && epoch.end - epoch.start == Fleets.hour)
    }
    let offset = Statistics.kolmogorovSmirnov(offsets, Distributions.normal(mean: 0, deviation: 4000))
    let rate = Statistics.kolmogorovSmirnov(rates, Distributions.normal(mean: 0, deviation: 20))
    #expect(!offset.isImplausible, "\(offset)")
    #expect(!rate.isImplausible, "\(rate)")
  }

  /// 10,000 device-days: 1,000 devices over ten days.
  @Test func stepsComeAndAreAsLargeAsAsked() {
    let model = DeviceClockModel(
      Self.clock {
        $0.stepsEvery = 2 * Fleets.day
        $0.stepSize = 2_000
      }, start: Fleets.start)
    var sizes: [Double] = []
    var gaps: [Double] = []
    for number in 0..<1000 as Range<UInt64> {
      let device = Self.entity(number)
      var epoch = model.epoch(at: Fleets.start + Fleets.hour, of: device)
      var last: Milliseconds?
      while epoch.start < Fleets.start + 10 * Fleets.day {
        if let step = model.step(in: epoch, of: device) {
          #expect(step.at >= epoch.start && step.at < epoch.end)
          sizes.append(Double(step.by))
          if let last { gaps.append(Double(step.at - last)) }
          last = step.at
        }
        epoch = model.epoch(at: epoch.end, of: device)
      }
    }
    // One hour of ten days lies before the first epoch looked at.
    let expected = 1000 * 10 * 24 * (1 - exp(-1.0 / 48))
    #expect(abs(Double(sizes.count) - expected) < 4 * expected.squareRoot(), "\(sizes.count) of \(expected)")
    let fit = Statistics.kolmogorovSmirnov(sizes, Distributions.normal(mean: 0, deviation: 2_000))
    #expect(!fit.isImplausible, "\(fit)")
    #expect(gaps.count > 3000)
  }

  @Test func gapsBetweenStepsAreExponential() {
    let model = DeviceClockModel(
      Self.clock {
        $0.stepsEvery = Fleets.day
        $0.stepSize = 2_000
        $0.synchronisation = 60_000
      }, start: Fleets.start)
    var gaps: [Double] = []
    for number in 0..<25 as Range<UInt64> {
      let device = Self.entity(number)
      var epoch = model.epoch(at: Fleets.start, of: device)
      var last = Fleets.start
      while last == Fleets.start || epoch.start < Fleets.start + 60 * Fleets.day {
        if let step = model.step(in: epoch, of: device) {
          gaps.append(Double(step.at - last))
          last = step.at
        }
        epoch = model.epoch(at: epoch.end, of: device)
      }
    }
    let fit = Statistics.kolmogorovSmirnov(gaps, Distributions.exponential(mean: Double(Fleets.day)))
    #expect(!fit.isImplausible && gaps.count > 1200, "\(fit)")
  }

  @Test func sharesOfBootsAndDevicesAreAsAsked() {
    let model = DeviceClockModel(
      Self.clock {
        $0.unset = 0.2
        $0.unsetFor = DurationRange(lower: 10_000, upper: 120_000)
        $0.localTime = 0.05
      }, start: Fleets.start)
    let boots = (0..<10_000 as Range<UInt64>).compactMap { model.unsetLength(boot: 2, of: Self.entity($0)) }
    let share = Statistics.proportion(boots.count, of: 10_000, probability: 0.2)
    #expect(!share.isImplausible, "\(share)")
    let fit = Statistics.kolmogorovSmirnov(boots.map(Double.init), Distributions.uniform(from: 10_000, to: 120_001))
    #expect(!fit.isImplausible, "\(fit)")
    let local = (0..<10_000 as Range<UInt64>).count { model.showsLocalTime(Self.entity($0)) }
    #expect(!Statistics.proportion(local, of: 10_000, probability: 0.05).isImplausible)
    #expect(model.unsetLength(boot: 1, of: Self.entity(1)) == nil)
  }

  @Test func aCrystalIsSlowWhereItIsHotOrCold() {
    let clock = Self.clock {
      $0.offset = 0
      $0.driftPPM = 0
      $0.curvature = -0.035
      $0.synchronisation = 0
    }
    let model = DeviceClockModel(clock, start: Fleets.start)
    let polar = SiteEnvironment(site: Fleets.site(latitude: 70), fleet: Fleets.fleet(), start: Fleets.start)
    for (place, latitude) in [(Self.place, 48.1), (polar, 70)] {
      // The mean of (T - 25)^2 by hand: yearly mean, half the squares of both amplitudes; over a year.
      let mean = 27 - 0.0072 * latitude * latitude - 0.0065 * 520 - 25
      let daily = 6 * (1 - 0.6 * 0.4)
      let squares = mean * mean + pow(0.22 * latitude, 2) / 2 + daily * daily / 2
      let year: Milliseconds = 31_556_926_080
      let expected = -0.035e-6 * squares * Double(year)
      let found = Self.error(model, at: Fleets.start + year, of: Self.entity(1), in: place)
      #expect(abs(found / expected - 1) < 0.001, "\(found) \(expected)")
      // In winter it loses more than in summer, which is closer to 25 degrees.
      let summer = Self.error(model, at: Fleets.start + 90 * Fleets.day, of: Self.entity(1), in: place)
      let autumn = Self.error(model, at: Fleets.start + 180 * Fleets.day, of: Self.entity(1), in: place)
      let winter = Self.error(model, at: Fleets.start + 270 * Fleets.day, of: Self.entity(1), in: place)
      #expect(summer < 0 && winter - autumn < summer)
    }
  }

  @Test func aClockThatSlewsNeverRunsBackwardsAndEndsWhereOneThatStepsDoes() {
    let slewing = DeviceClockModel(Self.clock { $0.correction = .slew }, start: Fleets.start)
    let stepping = DeviceClockModel(Self.clock { _ in }, start: Fleets.start)
    var backwards = 0
    for number in 0..<20 as Range<UInt64> {
      let device = Self.entity(number)
      var last: (slewing: Milliseconds, stepping: Milliseconds) = (.min, .min)
      for time in stride(from: Fleets.start, to: Fleets.start + 6 * Fleets.hour, by: 50) {
        let slewed = slewing.reading(at: time, of: device, boot: 1, setAt: .min, place: Self.place).timestamp
        let stepped = stepping.reading(at: time, of: device, boot: 1, setAt: .min, place: Self.place).timestamp
        #expect(slewed >= last.slewing)
        if stepped < last.stepping { backwards += 1 }
        last = (slewed, stepped)
        // 500 ppm take 240 s for six standard deviations of 40 ms.
        let epoch = stepping.epoch(at: time, of: device)
        if time - epoch.start > 1_000_000 { #expect(slewed == stepped) }
      }
    }
    #expect(backwards > 0)
  }

  static func troubled(seed: UInt64) -> World {
    let clock = Self.clock {
      $0.stepsEvery = 6 * Fleets.hour
      $0.stepSize = 5_000
      $0.farFutureEvery = 12 * Fleets.hour
      $0.farFutureBy = 619_315_200_000
      $0.unset = 0.5
      $0.unsetFor = DurationRange(lower: 0, upper: 3_600_000)
      $0.localTime = 0.3
      $0.curvature = -0.035
    }
    var fleet = Fleets.fleet(
      seed: seed, sites: [Fleets.site(), Fleets.site("east", latitude: 35, longitude: 139)],
      profiles: [Fleets.profile(interval: 30_000, clock: clock, power: Outages(every: 2 * Fleets.hour, length: 20_000, spread: 1))],
      count: 4)
    fleet.sites[1].timeZone = TimeZoneRules(name: "UTC+9", periods: [.init(since: 0, offset: 9 * Fleets.hour)])
    return World(fleet: fleet, start: Fleets.start)
  }

  /// Every fault of a clock that a reading shows is in the timeline, and every one in the timeline shows in the readings of its time.
  @Test(arguments: 0..<6 as Range<UInt64>) func readingsAndTimelineAgree(seed: UInt64) {
    let world = Self.troubled(seed: seed)
    let end = Fleets.start + 2 * Fleets.day
    let faults: [Fault] = [.clockUnset, .clockFarFuture, .clockStepped, .wrongTimeZone]
    var seen: FaultSet = []
    for device in world.devices.indices {
      let timeline = world.timeline(device: device, from: Fleets.start, to: end).filter { faults.contains($0.fault) }
      #expect(timeline.allSatisfy { $0.cause == .clock && $0.start < $0.end })
      for reading in DeviceStreamTests.readings(world, device: device, until: end) where reading.sensor == 0 {
        let planned = timeline.filter { $0.start <= reading.trueTime && reading.trueTime < $0.end }
        for fault in faults {
          let isPlanned = planned.contains { $0.fault == fault }
          #expect(reading.faults.contains(fault) == isPlanned, "\(fault) \(reading)")
        }
        seen.formUnion(reading.faults)
        let error = reading.timestamp - reading.trueTime
        if reading.faults.contains(.clockUnset) {
          #expect(reading.timestamp < 13 * Fleets.hour)
        } else if reading.faults.contains(.clockFarFuture) {
          #expect(abs(error - 619_315_200_000) < 10 * Fleets.hour)
        } else if reading.faults.isEmpty {
          #expect(abs(error) < 1_000)
        }
      }
    }
    #expect(faults.allSatisfy { seen.contains($0) } || seed % 2 == 1)
  }
}
