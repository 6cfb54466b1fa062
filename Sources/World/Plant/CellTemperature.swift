import Glibc

/// The temperature of the solar cells, in degrees Celsius.
struct CellTemperature: Sendable {
  /// Source: D. Faiman (2008), "Assessing the outdoor operating temperature of photovoltaic modules", Progress in Photovoltaics 16 (4),
  /// with u0 = 25.0 and u1 = 6.84 as in pvlib's `temperature.faiman`.
  /// - Parameters: W/m2 on the modules, degrees Celsius of the air, m/s of wind.
  static func faiman(planeIrradiance: Double, ambient: Double, wind: Double) -> Double {
    ambient + planeIrradiance / (25.0 + 6.84 * wind)
  }

  /// Source: D. L. King, W. E. Boyson, J. A. Kratochvil (2004), "Photovoltaic array performance model", SAND2004-3535, for glass and
  /// polymer on an open rack (a = -3.56, b = -0.075, 3 K between back and cell), as in pvlib's `temperature.sapm_cell`.
  static func sapm(planeIrradiance: Double, ambient: Double, wind: Double) -> Double {
    ambient + planeIrradiance * exp(-3.56 - 0.075 * wind) + planeIrradiance / 1000 * 3
  }
}
