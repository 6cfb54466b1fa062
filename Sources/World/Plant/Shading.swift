import FleetSpec
import Glibc

/// Whether something stands between the modules and the sun's disc; the rest of the sky is taken as free (engineering judgement).
struct Shading: Sendable {
  private let obstacles: [Obstacle]

  init(_ obstacles: [Obstacle]) { self.obstacles = obstacles }

  var isEmpty: Bool { obstacles.isEmpty }

  /// - Returns: false at night, when there is nothing to hide.
  func hides(_ sun: SunPosition) -> Bool {
    guard !obstacles.isEmpty, sun.up > 0 else { return false }
    let azimuth = sun.azimuth
    let elevation = sun.elevation
    return obstacles.contains { obstacle in
      let isBetween =
        obstacle.fromAzimuth <= obstacle.toAzimuth
        ? azimuth >= obstacle.fromAzimuth && azimuth <= obstacle.toAzimuth
        : azimuth >= obstacle.fromAzimuth || azimuth <= obstacle.toAzimuth
      return isBetween && elevation < obstacle.elevation
    }
  }
}
