import FleetSpec

/// What the versions of a profile's firmware make of its sensors.
struct VersionedSensors {
  private struct Appearance: Equatable {
    var unit: String
    var decimals: Int
  }
  /// By version, then by sensor.
  private let appearances: [[Appearance]]
  private let variants: [[UInt8]]

  init(_ profile: FirmwareProfile) {
    let appearances = profile.versions.map { version in
      profile.sensors.enumerated().map { index, sensor in
        let change = version.sensorOverrides[index]
        return Appearance(unit: change?.label ?? sensor.unit, decimals: change?.decimals ?? sensor.decimals)
      }
    }
    self.appearances = appearances
    variants = appearances.indices.map { version in
      profile.sensors.indices.map { sensor in
        UInt8(clamping: appearances.firstIndex { $0[sensor].unit == appearances[version][sensor].unit } ?? 0)
      }
    }
  }

  /// The unit that a version's payload states.
  func unit(_ sensor: Int, _ version: UInt8) -> String { appearances[Int(version)][sensor].unit }

  /// The decimal places of a version's value.
  func decimals(_ sensor: Int, _ version: UInt8) -> Int { appearances[Int(version)][sensor].decimals }

  /// The first version whose rows have the same constants.
  func variant(_ sensor: Int, _ version: UInt8) -> UInt8 { variants[Int(version)][sensor] }
}
