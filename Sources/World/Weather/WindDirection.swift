import FleetSpec

/// Direction from which the wind blows, degrees clockwise from north: a prevailing direction by site that weather turns within days.
///
/// Engineering judgement.
struct WindDirection: Sendable {
  private let prevailing: Double
  private let noise: NoiseField

  init(random: RandomEntity) {
    prevailing = 360 * random.stream(StreamNumber.windDirection).uniform(0)
    noise = NoiseField(
      stream: random.stream(StreamNumber.windTurns), period: 24 * 3_600_000, octaves: 4, ratio: 10, persistence: 0.3)
  }

  /// 0..<360.
  func value(at time: Milliseconds, _ cache: inout NoiseCache) -> Double {
    let degrees = (prevailing + 60 * noise.value(at: time, &cache)).truncatingRemainder(dividingBy: 360)
    return degrees < 0 ? degrees + 360 : degrees
  }
}
