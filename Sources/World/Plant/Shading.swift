import FleetSpec
import Glibc

/// Whether something stands between the modules and the sun's disc; the rest of the sky is taken as free (engineering judgement).
struct Shading: Sendable {
  private let obstacles: [Obstacle]

  init(_ obstacles: [Obstacle]) { self.obstacles = obstacles }

  func hides(_ sun: SunPosition) -> Bool {
    guard !obstacles.isEmpty else { return false }
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
