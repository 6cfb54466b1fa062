import Foundation

/// Time zones as tables of offsets, from the system's time zone database (tzdata).
enum TimeZones {
  private static let hour: Milliseconds = 3_600_000
  /// The years whose changes are known to a fleet: 2000-01-01 to 2060-01-01.
  private static let begin: Milliseconds = 946_684_800_000
  private static let end: Milliseconds = 2_840_140_800_000

  /// - Parameter name: an IANA name, `UTC`, or `UTC+1` and the like (-12...+14 whole hours).
  static func rules(named name: String) -> TimeZoneRules? {
    if name == "UTC" { return .universal }
    if name.hasPrefix("UTC"), let hours = Int64(name.dropFirst(3)), (-12...14).contains(hours) { return fixed(hours) }
    guard name.contains("/"), let zone = TimeZone(identifier: name) else { return nil }
    return cache.rules(of: zone, name: name)
  }

  /// The whole hour that fits a longitude in degrees east.
  static func rules(longitude: Double) -> TimeZoneRules { fixed(Milliseconds((longitude / 15).rounded())) }

  static func suggestion(for name: String) -> String? {
    let known = TimeZone.knownTimeZoneIdentifiers
    // People know the city, and not always the continent.
    let city = name.split(separator: "/").last.map(String.init) ?? name
    let spelt = city.lowercased().replacing(" ", with: "_")
    if let zone = known.first(where: { $0.lowercased().hasSuffix("/" + spelt) }) { return "did you mean '\(zone)'?" }
    return Suggestion.didYouMean(name, among: known)
  }

  private static func fixed(_ hours: Milliseconds) -> TimeZoneRules {
    hours == 0
      ? .universal : TimeZoneRules(name: "UTC\(hours < 0 ? "" : "+")\(hours)", periods: [.init(since: 0, offset: hours * hour)])
  }

  private static let cache = Cache()

  /// A pattern of sites asks for the same zone again and again.
  private final class Cache: @unchecked Sendable {
    private let lock = NSLock()
    private var known: [String: TimeZoneRules] = [:]

    func rules(of zone: TimeZone, name: String) -> TimeZoneRules {
      lock.lock()
      defer { lock.unlock() }
      if let rules = known[name] { return rules }
      var date = Date(timeIntervalSince1970: Double(begin) / 1000)
      var periods = [TimeZoneRules.Period(since: begin, offset: Milliseconds(zone.secondsFromGMT(for: date)) * 1000)]
      while let next = zone.nextDaylightSavingTimeTransition(after: date), next.timeIntervalSince1970 * 1000 < Double(end), next > date {
        // An instant after the change tells its offset; at the change itself implementations differ.
        let offset = Milliseconds(zone.secondsFromGMT(for: next.addingTimeInterval(1))) * 1000
        periods.append(.init(since: Milliseconds((next.timeIntervalSince1970 * 1000).rounded()), offset: offset))
        date = next
      }
      let rules = TimeZoneRules(name: name, periods: periods)
      known[name] = rules
      return rules
    }
  }
}
