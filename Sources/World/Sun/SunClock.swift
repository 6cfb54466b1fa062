import FleetSpec

/// The clock that the sun and the seasons of a site follow.
///
/// Without `Fleet.sunTime` it shows true time. With it, local mean solar time at the site's longitude is `sunTime` on `sunDate` of
/// `year` when the run begins, whatever the timestamps say, and runs on from there at the pace of true time.
struct SunClock: Sendable {
  /// The year in which `sunDate` stands.
  static let year = 2025

  /// Added to true time.
  let shift: Milliseconds
  /// Local mean solar time minus universal time: 4 minutes per degree of longitude.
  private let longitudeShift: Milliseconds

  static let day: Milliseconds = 86_400_000
  /// 2025-01-01T00:00:00Z.
  private static let newYear: Milliseconds = 1_735_689_600_000
  /// The tropical year.
  private static let tropicalYear = 365.2422 * 86_400_000

  /// - Parameters:
  ///   - start: the instant at which the run begins.
  ///   - longitude: of the site, degrees east.
  init(fleet: Fleet, start: Milliseconds, longitude: Double) {
    longitudeShift = Milliseconds((longitude * 240_000).rounded())
    if let sunTime = fleet.sunTime {
      let date = SunClock.daysSince1970(year: SunClock.year, month: fleet.sunDate.month, day: fleet.sunDate.day)
      shift = date * SunClock.day + sunTime - longitudeShift - start
    } else {
      shift = 0
    }
  }

  /// The instant at which the real sun stands as it does here at `time`.
  func instant(at time: Milliseconds) -> Milliseconds { time + shift }

  /// Days since 1970 by local mean solar time.
  func day(at time: Milliseconds) -> Int64 {
    let local = time + shift + longitudeShift
    let quotient = local / SunClock.day
    return local < 0 && quotient * SunClock.day != local ? quotient - 1 : quotient
  }

  /// The instant of noon of a day, by local mean solar time.
  func noon(ofDay day: Int64) -> Milliseconds { day * SunClock.day + SunClock.day / 2 - shift - longitudeShift }

  /// Milliseconds since midnight by local mean solar time.
  func millisecondOfDay(at time: Milliseconds) -> Milliseconds {
    let remainder = (time + shift + longitudeShift) % SunClock.day
    return remainder < 0 ? remainder + SunClock.day : remainder
  }

  /// Local mean solar time as a fraction of a day: 0 at midnight, 0.5 at noon.
  func dayFraction(at time: Milliseconds) -> Double {
    Double(millisecondOfDay(at: time)) / Double(SunClock.day)
  }

  /// Years since the beginning of 2025; the fraction is the season, 0 at new year.
  func years(at time: Milliseconds) -> Double {
    Double(time + shift - SunClock.newYear) / SunClock.tropicalYear
  }

  /// The share of the year that has passed, 0..<1.
  func season(at time: Milliseconds) -> Double {
    let years = years(at: time)
    return years - years.rounded(.down)
  }

  /// Days from 1970-01-01 to a day of the Gregorian calendar. Source: H. Hinnant, "chrono-compatible low-level date algorithms".
  static func daysSince1970(year: Int, month: Int, day: Int) -> Milliseconds {
    let shifted = month <= 2 ? year - 1 : year
    let era = (shifted >= 0 ? shifted : shifted - 399) / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return Milliseconds(era * 146_097 + dayOfEra - 719_468)
  }
}
