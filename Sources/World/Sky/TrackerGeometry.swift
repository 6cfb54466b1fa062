import FleetSpec
import Glibc

/// How a single-axis tracker with a horizontal axis follows the sun, with backtracking where rows would shade each other.
///
/// Source: W. F. Marion, A. P. Dobos (2013), "Rotation angle for the optimum tracking of one-axis trackers", NREL/TP-6A20-58891, and
/// E. Lorenzo et al. (2011), "Tracking and back-tracking", Progress in Photovoltaics 19, as in pvlib's `tracking.singleaxis`.
struct TrackerGeometry: Sendable {
  private let axisAzimuth: Double
  private let sineAxis: Double
  private let cosineAxis: Double
  private let maximumAngle: Double
  /// Distance of the rows over their width.
  private let spacing: Double
  private let backtracks: Bool

  private static let degrees = 180 / Double.pi

  init(_ tracker: Tracker) {
    axisAzimuth = tracker.axisAzimuth
    sineAxis = sin(tracker.axisAzimuth / TrackerGeometry.degrees)
    cosineAxis = cos(tracker.axisAzimuth / TrackerGeometry.degrees)
    maximumAngle = tracker.maximumAngle
    spacing = 1 / tracker.groundCoverage
    backtracks = tracker.backtracking
  }

  /// Degrees about the axis; 0 is horizontal, and so the plane stands while the sun is down.
  func rotation(sun: SunPosition) -> Double {
    guard sun.up > 0 else { return 0 }
    let across = sun.east * cosineAxis - sun.north * sineAxis
    let ideal = atan2(across, sun.up) * TrackerGeometry.degrees
    var angle = ideal
    if backtracks {
      let width = abs(spacing * cos(ideal / TrackerGeometry.degrees))
      if width < 1 { angle -= (ideal < 0 ? -1 : 1) * acos(width) * TrackerGeometry.degrees }
    }
    return min(max(angle, -maximumAngle), maximumAngle)
  }

  func orientation(rotation: Double) -> Orientation { Orientation(rotation: rotation, axisAzimuth: axisAzimuth) }
}
