import Glibc

/// The way a plane looks, as its normal in the local frame: east, north, up.
struct Orientation: Sendable, Equatable {
  var east: Double
  var north: Double
  /// The cosine of the tilt.
  var up: Double

  private static let radians = Double.pi / 180

  /// - Parameters:
  ///   - tilt: degrees from horizontal.
  ///   - azimuth: degrees clockwise from north.
  init(tilt: Double, azimuth: Double) {
    east = sin(tilt * Orientation.radians) * sin(azimuth * Orientation.radians)
    north = sin(tilt * Orientation.radians) * cos(azimuth * Orientation.radians)
    up = cos(tilt * Orientation.radians)
  }

  /// A plane that is turned about a horizontal axis.
  /// - Parameters:
  ///   - rotation: degrees; positive turns the plane to the right of who looks along the axis, which is west for an axis that points south.
  ///   - axisAzimuth: degrees clockwise from north.
  init(rotation: Double, axisAzimuth: Double) {
    let across = sin(rotation * Orientation.radians)
    east = across * cos(axisAzimuth * Orientation.radians)
    north = -across * sin(axisAzimuth * Orientation.radians)
    up = cos(rotation * Orientation.radians)
  }

  var sineOfTilt: Double { max(0, 1 - up * up).squareRoot() }

  /// Degrees from horizontal.
  var tilt: Double { acos(min(max(up, -1), 1)) / Orientation.radians }

  func cosineOfIncidence(_ sun: SunPosition) -> Double { sun.east * east + sun.north * north + sun.up * up }
}
