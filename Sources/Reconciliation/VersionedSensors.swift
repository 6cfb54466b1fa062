import FleetSpec
import World

/// Which versions of a profile's firmware make the same of a sensor, as far as the constants of its rows go.
struct VersionedSensors {
  /// By version, then by sensor.
  private let units: [[String]]
  private let variants: [[UInt8]]

  init(_ profile: FirmwareProfile) {
    let versions = 0...profile.laterVersions.count
    let units = versions.map { version in profile.sensors.indices.map { profile.appearance(of: $0, version: version).label } }
    self.units = units
    variants = versions.map { version in
      profile.sensors.indices.map { sensor in
        UInt8(clamping: units.firstIndex { $0[sensor] == units[version][sensor] } ?? 0)
      }
    }
  }

  /// How many versions there are, at least 1.
  var versionCount: Int { units.count }

  /// The unit that a version's payload states.
  func unit(_ sensor: Int, _ version: UInt8) -> String { units[Int(version)][sensor] }

  /// The first version whose rows have the same constants.
  func variant(_ sensor: Int, _ version: UInt8) -> UInt8 { variants[Int(version)][sensor] }
}
