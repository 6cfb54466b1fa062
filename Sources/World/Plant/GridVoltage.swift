import FleetSpec

/// The grid's voltage between phase and neutral at a site, in volts: 230 V (277 V where the grid has 60 Hz), 1 % of noise, and a rise of up
/// to 2 % where the plant feeds in.
///
/// EN 50160 allows +-10 %; the figures within it are engineering judgement.
struct GridVoltage: Sendable {
  private let nominal: Double
  private let noise: NoiseField

  init(site: Site, seed: UInt64, entity: UInt64) {
    nominal = GridFrequency.nominal(site: site) == 60 ? 277 : 230
    noise = NoiseField(
      stream: RandomStream(seed: seed, device: entity, stream: StreamNumber.gridVoltage),
      period: 3_600_000, octaves: 3, ratio: 12, persistence: 0.5)
  }

  /// - Parameter load: the plant's AC power over its capacity, 0...1.
  func value(at time: Milliseconds, load: Double, _ cache: inout NoiseCache) -> Double {
    nominal * (1 + 0.01 * noise.value(at: time, &cache) + 0.02 * load)
  }
}
