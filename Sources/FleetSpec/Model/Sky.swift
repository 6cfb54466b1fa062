/// Which formulas a fleet's sky follows.
public struct SkyModels: Sendable, Equatable {
  public enum ClearSky: String, Sendable, CaseIterable {
    case ineichen
    case haurwitz
  }
  /// From the horizontal to the plane of the modules.
  public enum Transposition: String, Sendable, CaseIterable {
    case perez
    case hayDavies = "hay-davies"
    case isotropic
  }
  public var clearSky = ClearSky.ineichen
  public var transposition = Transposition.perez
}

/// A single-axis tracker with a horizontal axis.
public struct Tracker: Sendable, Equatable {
  /// Degrees clockwise from north, 0..<360.
  public var axisAzimuth: Double
  /// Degrees from horizontal to either side, 0...90.
  public var maximumAngle: Double
  /// Width of a row over the distance of the rows, in (0, 1].
  public var groundCoverage: Double
  /// Whether rows turn back before they shade each other.
  public var backtracking: Bool
  /// When the drive does not move.
  public var stalls = Outages.none
}

/// The offsets of a time zone from universal time.
public struct TimeZoneRules: Sendable, Equatable {
  /// From `since` on, local time is universal time plus `offset`.
  public struct Period: Sendable, Equatable {
    public var since: Milliseconds
    public var offset: Milliseconds
  }
  /// IANA name, or `UTC+1`.
  public var name: String
  /// Ascending; the first also holds before it begins.
  public var periods: [Period]

  /// Universal time.
  public static let universal = TimeZoneRules(name: "UTC", periods: [Period(since: 0, offset: 0)])

  /// What has to be added to universal time.
  public func offset(at instant: Milliseconds) -> Milliseconds {
    var low = 0
    var high = periods.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if periods[middle].since <= instant { low = middle } else { high = middle }
    }
    return periods[low].offset
  }

  /// The first change of the offset after an instant, or nil when there is none any more.
  public func change(after instant: Milliseconds) -> Milliseconds? {
    periods.dropFirst().first { $0.since > instant }?.since
  }
}
