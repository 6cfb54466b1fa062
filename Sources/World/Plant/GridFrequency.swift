import FleetSpec

/// The grid's frequency in Hz: 50, or 60 in North America; the deviation is the same everywhere, as in one synchronous area.
///
/// The standard deviation of 20 mHz is that of continental Europe (ENTSO-E reports); the longitudes are engineering judgement.
struct GridFrequency: Sendable {
  private let nominal: Double
  private let noise: NoiseField

  init(site: Site, seed: UInt64) {
    nominal = GridFrequency.nominal(site: site)
    noise = NoiseField(
      stream: RandomStream(seed: seed, device: Entity.run, stream: StreamNumber.gridFrequency),
      period: 900_000, octaves: 3, ratio: 6, persistence: 0.6)
  }

  static func nominal(site: Site) -> Double {
    site.latitude > 5 && site.longitude > -170 && site.longitude < -50 ? 60 : 50
  }

  func value(at time: Milliseconds, _ cache: inout NoiseCache) -> Double {
    nominal + 0.02 * noise.value(at: time, &cache)
  }
}
