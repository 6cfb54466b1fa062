import Testing

@testable import FleetSpec
@testable import World

@Suite struct LocalTimeTests {
  @Test func daysOfMadridBeginAtMidnightAndLast23And25HoursWhenTheClocksChange() throws {
    let madrid = LocalTime(rules: try #require(TimeZones.rules(named: "Europe/Madrid")))
    // 2026-03-29 and 2026-10-25.
    let spring = SunClock.daysSince1970(year: 2026, month: 3, day: 29)
    let autumn = SunClock.daysSince1970(year: 2026, month: 10, day: 25)
    #expect(madrid.start(ofDay: spring) == spring * 86_400_000 - 3_600_000)
    #expect(madrid.start(ofDay: spring + 1) - madrid.start(ofDay: spring) == 23 * 3_600_000)
    #expect(madrid.start(ofDay: autumn + 1) - madrid.start(ofDay: autumn) == 25 * 3_600_000)
    #expect(madrid.millisecondOfDay(at: madrid.start(ofDay: spring) + 2 * 3_600_000) == 3 * 3_600_000)
  }

  @Test(arguments: ["Europe/Madrid", "America/Phoenix", "Australia/Lord_Howe", "Asia/Kolkata", "UTC-5", "America/Santiago"])
  func everyInstantLiesInItsDay(zone: String) throws {
    let local = LocalTime(rules: try #require(TimeZones.rules(named: zone)))
    for hour in stride(from: 0 as Int64, to: 2 * 8766, by: 1) {
      let time = Fleets.start + hour * 3_600_000
      let day = local.day(at: time)
      #expect(local.start(ofDay: day) <= time && time < local.start(ofDay: day + 1))
    }
  }

  @Test func theLongitudeGivesAWholeHour() {
    #expect(TimeZones.rules(longitude: -112).offset(at: 0) == -7 * 3_600_000)
    #expect(TimeZones.rules(longitude: 3) == .universal)
    #expect(TimeZones.rules(named: "Europe/Madird") == nil && TimeZones.rules(named: "UTC+99") == nil)
  }
}
