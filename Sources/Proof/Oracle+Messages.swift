import FleetSpec
import Reconciliation
import Store
import World

/// Tables whose rows bear the id of their message, as docs/mapping.md has it.
extension Oracle {
  private struct MessageKey: Hashable {
    var sensorID: String
    var message: Int64
  }

  private func message(_ name: ReadingName) -> Int64 { honest.row(reading(name), of: name.device, at: 0).message }

  /// Whether the contract's key tells messages of one timestamp apart, so that a row of the one is no excuse for the other.
  private var keyTellsMessages: Bool { contract.deduplication?.keys.contains("event_id") ?? true }

  /// Readings with one timestamp are judged each by the rows with its own id.
  mutating func judgeByMessage(_ names: [ReadingName], _ found: [TrackedRow]) {
    var unreadable = found
    var without: [ReadingName] = []
    for name in names {
      let own = found.filter { $0.row.message == message(name) }
      unreadable.removeAll { $0.row.message == message(name) }
      if own.isEmpty { without.append(name) } else { judge(name, own) }
    }
    let claimants = without.filter { fate($0).mayHaveArrived && !mustBeRejected(reading($0)) }
    for name in without {
      guard claimants.contains(name), !found.isEmpty, !unreadable.isEmpty || !keyTellsMessages else {
        missing.append(name)
        continue
      }
      var verdicts = VerdictSet()
      if !unreadable.isEmpty { verdicts.insert(.corrupted) }
      if unreadable.count < claimants.count {
        // Whose the rows are that bear no id nobody can say.
        if isBeyond(name) {
          verdicts.mayBeUncounted = true
        } else if keyTellsMessages {
          verdicts.formUnion(verdictWithoutRow(name, fate(name)))
        } else {
          verdicts.insert(.collided)
        }
      }
      set(name, verdicts, unreadable.first?.cause ?? truth.entries[name.device][name.seq].lossCause ?? .clockSteps)
    }
    strays += unreadable.dropFirst(claimants.count)
  }

  /// Settles the strays whose id can be read, and returns the others. A row with the id of a reading is that reading, whatever its value.
  mutating func settleByMessage() -> [TrackedRow] {
    var names: [MessageKey: ReadingName] = [:]
    for device in truth.world.devices.indices where truth.originals[device] == device {
      for seq in truth.entries[device].indices {
        let name = ReadingName(device: device, seq: seq)
        names[MessageKey(sensorID: truth.sensorID(device, reading(name).sensor), message: message(name))] = name
      }
    }
    var open = Set(missing)
    // Those that are surely looked at come first.
    for row in strays.filter({ sight($0) == .always }) + strays.filter({ sight($0) == .perhaps }) where row.row.message >= 0 {
      let least = sight(row) == .always ? 1 : 0
      let id = row.row.sensorID.hasPrefix("unregistered-") && mayBeUnknown ? String(row.row.sensorID.dropFirst(13)) : row.row.sensorID
      guard let name = names[MessageKey(sensorID: id, message: row.row.message)], fate(name).mayHaveArrived else {
        expectation.phantoms[id, default: Bounds()].add(least, 1)
        if let cause = row.cause { expectation.phantomCauses[cause, default: 0] += 1 }
        continue
      }
      settle(row, name, id, least, isMissing: open.remove(name) != nil)
    }
    missing.removeAll { !open.contains($0) }
    return strays.filter { $0.row.message < 0 }
  }

  private mutating func settle(_ row: TrackedRow, _ name: ReadingName, _ id: String, _ least: Int, isMissing: Bool) {
    var verdicts = expectation.verdicts[name.device][name.seq]
    if isMissing {
      // Nothing but this row shows that a reading after a death was ever measured.
      verdicts = VerdictSet(.misplaced)
      if least == 0 && isBeyond(name) { verdicts.mayBeUncounted = true }
      if least == 0 && !isBeyond(name) { verdicts.formUnion(verdictWithoutRow(name, fate(name))) }
      expectation.misplaced[id, default: Bounds()].add(least, 1)
    } else if verdicts.contains(.stored) {
      // A copy at another time; a reading with a worse verdict keeps it.
      if least == 1 { verdicts.remove(.stored) }
      verdicts.insert(.duplicated)
    } else {
      return
    }
    set(name, verdicts, row.cause)
  }
}
