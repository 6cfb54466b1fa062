import Foundation
import TestSupport
import Testing

@testable import FleetSpec
@testable import World

/// The tables of time zones against Foundation's calendar, which asks the time zone database for every instant.
@Suite(.enabled(if: Build.isOptimised)) struct TimeZoneOracleTests {
  /// Summer time in both hemispheres, changes at midnight, by half an hour, by two hours and around Ramadan, and countries that moved for
  /// good.
  static let zones = [
    "Europe/Madrid", "Europe/London", "America/New_York", "America/Phoenix", "America/Santiago", "America/Sao_Paulo", "America/Caracas",
    "Australia/Lord_Howe", "Australia/Adelaide", "Asia/Kolkata", "Asia/Kathmandu", "Asia/Tehran", "Asia/Beirut", "Asia/Gaza",
    "Asia/Pyongyang", "Africa/Casablanca", "Africa/Cairo", "Europe/Istanbul", "Europe/Moscow", "America/Havana", "America/Asuncion",
    "Pacific/Auckland", "Pacific/Chatham", "Pacific/Kiritimati", "Antarctica/Troll",
  ]

  @Test(arguments: zones) func offsetsAndDaysAreThoseOfTheCalendar(name: String) throws {
    let zone = try #require(TimeZone(identifier: name))
    let rules = try #require(TimeZones.rules(named: name))
    let local = LocalTime(rules: rules)
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = zone
    let draws = RandomStream(seed: 5, device: 6, stream: 7)
    var instants = (0..<1500 as Range<UInt64>).map { 946_800_000_000 + Int64(draws.below(1_890_000_000_000, $0)) }
    // Around the changes of the clocks, where mistakes live.
    for period in rules.periods.dropFirst() {
      instants += [-1, 0, 1, 30 * 60_000, 23 * Fleets.hour].map { period.since + $0 }
    }
    var wrongOffsets = 0
    var wrongDays = 0
    for instant in instants where instant < 2_840_000_000_000 {
      let date = Date(timeIntervalSince1970: Double(instant) / 1000)
      if rules.offset(at: instant) != Milliseconds(zone.secondsFromGMT(for: date)) * 1000 { wrongOffsets += 1 }
      let parts = calendar.dateComponents([.year, .month, .day, .hour, .minute], from: date)
      let day = SunClock.daysSince1970(year: parts.year ?? 0, month: parts.month ?? 0, day: parts.day ?? 0)
      let minute = (parts.hour ?? 0) * 60 + (parts.minute ?? 0)
      if local.day(at: instant) != day || local.millisecondOfDay(at: instant) / 60_000 != Int64(minute) { wrongDays += 1 }
      let start = local.start(ofDay: day)
      #expect(local.day(at: start) == day && local.day(at: start - 1) < day, "the day's first instant")
    }
    #expect(wrongOffsets == 0 && wrongDays == 0)
  }

  @Test func namesAreThoseOfTheDatabaseAndCitiesAreFound() {
    #expect(TimeZones.rules(named: "Mars/Olympus") == nil)
    #expect(TimeZones.rules(named: "Madrid") == nil)
    #expect(TimeZones.suggestion(for: "Madrid") == "did you mean 'Europe/Madrid'?")
    #expect(TimeZones.suggestion(for: "America/Madrid") == "did you mean 'Europe/Madrid'?")
    #expect(TimeZones.suggestion(for: "new york") == "did you mean 'America/New_York'?")
    #expect(TimeZones.suggestion(for: "Europe/Madird") == "did you mean 'Europe/Madrid'?")
    #expect(TimeZones.rules(named: "UTC+0") == .universal && TimeZones.rules(named: "UTC-12")?.offset(at: 0) == -12 * Fleets.hour)
    #expect(TimeZones.rules(named: "UTC+15") == nil && TimeZones.rules(named: "UTC+5.5") == nil)
  }

  /// Everything by local day, nothing in timestamps.
  @Test func theTimeZoneNeverChangesATimestampOrTheSun() throws {
    var madrid = Fleets.site(cloudiness: 0.3)
    madrid.timeZone = try #require(TimeZones.rules(named: "Europe/Madrid"))
    var tokyo = madrid
    tokyo.timeZone = try #require(TimeZones.rules(named: "Asia/Tokyo"))
    var here = World(fleet: Fleets.fleet(sites: [madrid]), start: Fleets.start).stream(device: 0)
    var there = World(fleet: Fleets.fleet(sites: [tokyo]), start: Fleets.start).stream(device: 0)
    for _ in 0..<2000 {
      here.sample()
      there.sample()
      for index in 0..<here.readingCount {
        #expect(here.reading(index).timestamp == there.reading(index).timestamp && here.reading(index).value == there.reading(index).value)
      }
    }
  }
}
