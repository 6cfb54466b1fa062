/// The temperature of the solar cells, in degrees Celsius.
///
/// Source: D. Faiman (2008), "Assessing the outdoor operating temperature of photovoltaic modules", Progress in Photovoltaics 16 (4),
/// with u0 = 25.0 and u1 = 6.84 as in pvlib's `temperature.faiman`.
struct CellTemperature: Sendable {
  /// - Parameters: W/m2 on the modules, degrees Celsius of the air, m/s of wind.
  static func value(planeIrradiance: Double, ambient: Double, wind: Double) -> Double {
    ambient + planeIrradiance / (25.0 + 6.84 * wind)
  }
}
