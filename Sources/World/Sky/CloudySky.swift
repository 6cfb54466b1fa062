import Glibc

extension SkyIrradiance {
  /// The same sky behind clouds.
  ///
  /// Source of the split: R. Mueller, J. Trentmann et al. (2012), "The CM SAF operational scheme for the satellite based retrieval of solar
  /// surface irradiance - a LUT based eigenvector hybrid approach", Remote Sensing 4, where direct over clear-sky direct irradiance
  /// is (k - 0.38 (1 - k))^2.5. Where a cloud beside the sun adds light, it adds diffuse light.
  /// - Parameters:
  ///   - index: actual over clear-sky global irradiance, 0 or more.
  ///   - cosineZenith: of the sun, above 0.
  func behindClouds(index: Double, cosineZenith: Double) -> SkyIrradiance {
    guard index != 1 else { return self }
    let covered = global * index
    let base = index - 0.38 * (1 - index)
    // x^2.5 without a logarithm.
    let share = index >= 1 ? 1 : base <= 0 ? 0 : base * base * base.squareRoot()
    let direct = min(directNormal * share, covered / cosineZenith)
    return SkyIrradiance(global: covered, directNormal: direct, diffuse: covered - direct * cosineZenith)
  }
}
