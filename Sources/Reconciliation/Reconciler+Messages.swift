import FleetSpec
import World

/// Tables whose rows bear the number or the id of the message that they were made from.
///
/// The key of a row is still sensor and timestamp: by it, digests are grouped and rows are put beside readings. The id is part of the digest
/// and decides where the key does not: between readings with one timestamp, and about rows at the wrong one.
extension Reconciler {
  /// Judges what the device just judged has left over. A stray that bears the id of a reading is that reading, whatever its value.
  func settleIdentified() throws {
    var matchable = Leftovers()
    matchable.strays = left.strays
    for one in left.missing {
      let item = left.items[one.entry]
      // What never left the device, nobody can have stored.
      if item.fate.mayHaveArrived { matchable.miss(item, of: one) } else { try settle(one, item) }
    }
    var common: [Int64] = []
    try settle(matchable, &common)
    left.removeAll()
    concluded.removeAll(keepingCapacity: true)
  }

  /// A row at the reading's own key, with its id lost or taken from nowhere.
  func concludeMislabelled(_ item: MissingItem, _ sensor: Int, _ stray: Stray) throws {
    let row = TableRow(
      sensorID: sensors.id(sensor), timestampMicroseconds: stray.timestampMicroseconds, value: stray.value, attributes: [],
      message: stray.message)
    let detail = sensors.messageDifference(row, sensor: sensor, reading: item.reading) ?? ""
    var found = stray.found
    found.column = String(detail.prefix { $0 != ":" })
    try conclude(item.reading, .corrupted, sensor, item.device, detail, found)
  }

  /// Strays that no missing reading explains: further rows of readings that are stored, and phantoms.
  func tellLeft(_ strays: [Stray]) throws {
    guard sensors.tellsReading, let any = strays.first else {
      for stray in strays { try tellPhantom(stray) }
      return
    }
    var owners: [RowOwner: (reading: Reading, device: Int, fate: Fate)] = [:]
    let wanted = Set(strays.map { RowOwner(sensor: $0.sensor, message: $0.message) })
    let original = Int(sensors.devices[any.sensor])
    for device in [original] + (clones[original] ?? []) {
      try forEachReading(of: device) { reading, fate in
        let owner = RowOwner(sensor: sensors.firstOfDevice[device] + Int(reading.sensor), message: sensors.message(of: reading))
        if wanted.contains(owner), owners[owner] == nil { owners[owner] = (reading, device, fate) }
      }
    }
    for stray in strays {
      guard stray.message >= 0, let owner = owners[RowOwner(sensor: stray.sensor, message: stray.message)], owner.fate.mayHaveArrived
      else {
        try tellPhantom(stray)
        continue
      }
      try tellCopy(stray, owner.reading, owner.device, owner.fate)
    }
  }

  private struct RowOwner: Hashable {
    var sensor: Int
    var message: Int64
  }

  /// A further row of a reading, at another timestamp. A reading that has a worse verdict than `stored` keeps it: the row is explained.
  private func tellCopy(_ stray: Stray, _ reading: Reading, _ device: Int, _ fate: Fate) throws {
    let before = concluded[ConcludedReading(device: device, seq: reading.seq)]
    let shift = Self.shiftText(stray.timestampMicroseconds - reading.timestamp * 1_000)
    if before == nil && fate.outcome == .beyond {
      // No row stands at its key, and nothing but this one shows that it was ever measured.
      tally.add(reading, of: device)
      shifts.add(shift)
      return try conclude(reading, .misplaced, stray.sensor, device, "stored \(shift)", stray.found)
    }
    guard before ?? contract.verdictOnAgreement(reading, fate) == .stored else { return }
    counts[.stored] -= 1
    try conclude(
      reading, .duplicated, stray.sensor, device, "2 rows: stored as sent, and once more \(shift)", stray.found)
  }
}

/// A reading of one device, for looking up its verdict.
struct ConcludedReading: Hashable {
  var device: Int
  var seq: Int64
}
