import FleetSpec

/// The true sky above a site at one instant, before any sensor looks at it.
public struct SiteSky: Sendable, Equatable {
  /// What clouds do over an hour.
  public enum Cover: String, Sendable, CaseIterable {
    case clear, broken, overcast
  }
  /// Degrees of the sun above the horizon, without refraction; negative at night.
  public var elevation: Double
  /// Degrees of the sun clockwise from north, 0..<360.
  public var azimuth: Double
  /// Global horizontal irradiance without clouds, W/m2.
  public var clearIrradiance: Double
  /// Global horizontal irradiance, W/m2.
  public var irradiance: Double
  public var cover: Cover
}

extension World {
  /// The sky in the middle of a site.
  /// - Parameters:
  ///   - site: index in `Fleet.sites`.
  ///   - time: true time, ms since 1970; where the sun has a clock of its own, it is followed.
  ///   - workspace: of the calling thread.
  public func sky(site: Int, at time: Milliseconds, in workspace: Workspace) -> SiteSky {
    let place = places[site]
    let cache = workspace.cache(site: site)
    let sun = place.sun(at: time, &cache.ephemeris)
    let clear = sun.up > 0 ? place.clearSky.irradiance(sun: sun, season: place.clock.season(at: time)).global : 0
    let actual = sun.up > 0 ? place.sky(at: time, sun: sun, position: Clouds.Position(), cache).global : 0
    let cover: SiteSky.Cover =
      switch place.clouds.regime(at: time, &cache.clouds) {
      case .clear: .clear
      case .broken: .broken
      case .overcast: .overcast
      }
    return SiteSky(
      elevation: sun.elevation, azimuth: sun.azimuth, clearIrradiance: clear, irradiance: actual, cover: cover)
  }
}
