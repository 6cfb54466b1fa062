import FleetSpec
import World

/// The texts behind the value of a sensor's reading, one for each unit that may be named there.
///
/// Most sensors name one unit only; firmware updates and planned faults may add others.
struct SensorPieces: Sendable {
  /// The number of the first text of each sensor.
  private var firsts: [Int] = []
  /// For each sensor the first firmware version of each later unit.
  private var versions: [[UInt8]] = []
  private let hasVariants: Bool
  private let hasWrongUnits: Bool

  /// - Parameter add: adds a text for a unit and returns its number.
  init(_ profile: FirmwareProfile, pieces: inout TextPieces, _ add: (_ sensor: Int, _ unit: String, inout TextPieces) -> Int) {
    let isWrong = profile.faults.malformed > 0 && profile.faults.malformedKinds.contains { $0.kind == .wrongUnit }
    hasWrongUnits = isWrong
    hasVariants = isWrong || profile.sensors.contains { !$0.troubles.unitChanges.isEmpty }
    for (index, sensor) in profile.sensors.enumerated() {
      firsts.append(add(index, sensor.unit, &pieces))
      for change in sensor.troubles.unitChanges { _ = add(index, change.label, &pieces) }
      if isWrong { _ = add(index, sensor.wrongUnit, &pieces) }
      versions.append(sensor.troubles.unitChanges.map { UInt8(clamping: $0.version) })
    }
  }

  /// How many texts behind the first one stands that of a reading's unit.
  func variant(_ reading: Reading) -> Int {
    guard hasVariants else { return 0 }
    let sensor = Int(reading.sensor)
    if hasWrongUnits, reading.malformation == .wrongUnit { return versions[sensor].count + 1 }
    var variant = 0
    for version in versions[sensor] where version <= reading.version { variant += 1 }
    return variant
  }

  /// The number of a sensor's first text.
  func first(_ sensor: Int) -> Int { firsts[sensor] }

  /// The number of the text for a reading.
  func piece(_ reading: Reading) -> Int { firsts[Int(reading.sensor)] + variant(reading) }
}
