import FleetSpec

/// The received signal strength of a cellular modem, in dBm: a level by place, and slow and fast fading.
///
/// -113...-51 dBm is what AT+CSQ can express (3GPP TS 27.007, 8.5); the distribution within it is engineering judgement.
enum SignalStrength {
  static func value(at time: Milliseconds, device: RandomEntity) -> Double {
    let mean = -83 + 9 * device.stream(StreamNumber.signalBase).normal(0)
    let fading = NoiseField(
      stream: device.stream(StreamNumber.signalStrength), period: 3_600_000, octaves: 3, ratio: 15, persistence: 0.7)
    // A cache of its own would cost each device more than the draws do.
    var cache = NoiseCache()
    return min(max(mean + 3.5 * fading.value(at: time, &cache), -113), -51)
  }

  /// In dB, over a floor of noise and interference at -103 dBm, between the -20 and 30 dB that modems report (engineering judgement).
  static func signalToNoise(strength: Double) -> Double { min(max(strength + 103, -20), 30) }
}
