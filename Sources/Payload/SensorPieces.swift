import FleetSpec
import World

/// What follows a reading's value in a payload or a trace: the texts with its unit, and those with the firmware's version.
///
/// Versions of the firmware may state other units and print other decimals, and a planned fault may put a wrong unit there.
struct SensorPieces: Sendable {
  /// By version and sensor: decimals, and the number of the text with the unit.
  private var decimals: [Int] = []
  private var units: [Int] = []
  /// By sensor; empty when no fault needs them.
  private var wrongUnits: [Int] = []
  /// By version.
  private var tails: [Int] = []
  private let sensorCount: Int

  /// - Parameters:
  ///   - unit: the text around a unit.
  ///   - tail: the text around a version string.
  init(_ profile: FirmwareProfile, pieces: inout TextPieces, unit: (String) -> String, tail: (String) -> String) {
    sensorCount = profile.sensors.count
    for (version, firmware) in profile.versions.enumerated() {
      tails.append(pieces.count)
      pieces.add(tail(firmware.firmware))
      for sensor in profile.sensors.indices {
        let appearance = profile.appearance(of: sensor, version: version)
        decimals.append(appearance.decimals)
        if version > 0, appearance.label == profile.sensors[sensor].unit {
          units.append(units[sensor])
        } else {
          units.append(pieces.count)
          pieces.add(unit(appearance.label))
        }
      }
    }
    guard profile.faults.malformedKinds.contains(where: { $0.kind == .wrongUnit }) else { return }
    for sensor in profile.sensors {
      wrongUnits.append(pieces.count)
      pieces.add(unit(sensor.wrongUnit))
    }
  }

  /// The number of the text with the unit.
  func unit(_ reading: Reading) -> Int {
    if reading.malformation == .wrongUnit, !wrongUnits.isEmpty { return wrongUnits[Int(reading.sensor)] }
    return units[position(reading)]
  }

  func decimals(_ reading: Reading) -> Int { decimals[position(reading)] }

  /// The number of the text with the firmware's version.
  func tail(_ reading: Reading) -> Int { tails[min(Int(reading.version), tails.count - 1)] }

  private func position(_ reading: Reading) -> Int {
    min(Int(reading.version), tails.count - 1) * sensorCount + Int(reading.sensor)
  }
}
