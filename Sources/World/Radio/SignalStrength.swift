import FleetSpec

/// The received signal strength of a cellular modem, in dBm: a level by place, and slow and fast fading.
///
/// -113...-51 dBm is what AT+CSQ can express (3GPP TS 27.007, 8.5); the distribution within it is engineering judgement.
struct SignalStrength: Sendable {
  private let mean: Double
  private let fading: NoiseField

  init(seed: UInt64, entity: UInt64) {
    mean = -83 + 9 * RandomStream(seed: seed, device: entity, stream: StreamNumber.signalBase).normal(0)
    fading = NoiseField(
      stream: RandomStream(seed: seed, device: entity, stream: StreamNumber.signalStrength),
      period: 3_600_000, octaves: 3, ratio: 15, persistence: 0.7)
  }

  func value(at time: Milliseconds, _ cache: inout NoiseCache) -> Double {
    min(max(mean + 3.5 * fading.value(at: time, &cache), -113), -51)
  }
}
