import FleetSpec

/// A LoRaWAN radio: far from its gateway, below the noise if it must, and slower the farther it is.
///
/// The noise floor of -117 dBm and the signal-to-noise ratios that each spreading factor can still read, -7.5 dB at 7 down to -20 dB at 12, are
/// those of Semtech's SX1276 data sheet at 125 kHz; the margin of 10 dB is that of LoRaWAN's adaptive data rate. The levels are engineering
/// judgement: -110 dBm, 10 dB between places, 4 dB of fading.
enum LongRangeRadio {
  static let noiseFloor = -117.0
  static let margin = 10.0

  private static func level(of device: RandomEntity) -> Double { -110 + 10 * device.stream(StreamNumber.longRangeLevel).normal(0) }

  /// dBm, -137...-30.
  static func strength(at time: Milliseconds, device: RandomEntity) -> Double {
    let fading = NoiseField(
      stream: device.stream(StreamNumber.longRangeFading), period: 3_600_000, octaves: 3, ratio: 15, persistence: 0.7)
    // A cache of its own would cost each device more than the draws do.
    var cache = NoiseCache()
    return min(max(level(of: device) + 4 * fading.value(at: time, &cache), -137), -30)
  }

  /// dB, -20...10: what the chip reports saturates above.
  static func signalToNoise(strength: Double) -> Double { min(max(strength - noiseFloor, -20), 10) }

  /// The fastest spreading factor, 7...12, that the network's adaptive data rate allows at the device's level.
  static func spreadingFactor(of device: RandomEntity) -> Double {
    let ratio = level(of: device) - noiseFloor
    var factor = 7.0
    while factor < 12, ratio - margin < -7.5 - 2.5 * (factor - 7) { factor += 1 }
    return factor
  }
}
