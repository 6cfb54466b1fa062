import FleetSpec
import World

/// From a device's readings to the values that somebody takes them for who believes their payloads, in the units of the profile.
///
/// Differences are added up, and a version of the firmware may state another unit and other decimals.
struct ShownValues {
  private let scales: [LinearScale]
  private let sensors: Int
  /// By sensor, in steps of its resolution.
  private var totals: [Int64]

  init(_ profile: FirmwareProfile) {
    sensors = profile.sensors.count
    totals = Array(repeating: 0, count: sensors)
    scales = profile.versions.indices.flatMap { version in
      profile.sensors.indices.map { profile.scale(of: $0, version: version) }
    }
  }

  /// Readings must come in their order, with none left out.
  mutating func value(of reading: Reading) -> Double {
    let sensor = Int(reading.sensor)
    totals[sensor] = reading.isDifference ? totals[sensor] &+ reading.value : reading.value
    return scales[Int(reading.version) * sensors + sensor].value(totals[sensor])
  }
}
