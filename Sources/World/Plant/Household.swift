import FleetSpec
import Glibc

/// What a household draws, in watts: a base, a peak in the morning, a higher one in the evening, and appliances that come and go.
///
/// The daily shape follows the VDEW standard load profile H0 (C. Fuenfgeld, R. Tiedemann, 2000) roughly; the appliances are engineering
/// judgement: log-normal noise with a period of half an hour.
struct Household: Sendable {
  private let average: Double
  private let localTime: LocalTime

  init(_ load: Load, localTime: LocalTime) {
    average = load.average
    self.localTime = localTime
  }

  /// The profile's value over its daily mean, at an hour 0..<24.
  static func shape(hour: Double) -> Double {
    func bump(_ at: Double, _ width: Double) -> Double {
      let distance = min(abs(hour - at), 24 - abs(hour - at)) / width
      return exp(-distance * distance / 2)
    }
    return (0.45 + 0.75 * bump(7.5, 1.5) + 0.45 * bump(12.5, 2) + 1.35 * bump(19.5, 2.2)) / 0.9717
  }

  func power(at time: Milliseconds, of device: RandomEntity) -> Double {
    let noise = NoiseField(stream: device.stream(StreamNumber.appliances), period: 1_800_000, octaves: 2, ratio: 6, persistence: 0.6)
    var cache = NoiseCache()
    // The mean of exp(0.5 x) for a standard normal x is exp(0.125).
    return average * Household.shape(hour: localTime.hour(at: time)) * exp(0.5 * noise.value(at: time, &cache) - 0.125)
  }
}
