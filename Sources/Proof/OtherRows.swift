import FleetSpec
import Reconciliation
import World

/// Rows of other fleets and of other runs of the same one, in a table that several share. They must not show in any verdict.
struct OtherRows {
  private(set) var rows: [TrackedRow] = []

  init(_ scenario: Scenario, _ truth: Truth, until last: Milliseconds) {
    let draw = scenario.draw(.sharedTable)
    let honest = HonestRow(truth.world)
    let before = truth.world.start - 3_600_000
    let after = last + 86_400_000
    for device in truth.world.devices.indices {
      for entry in truth.entries[device].prefix(12) {
        var row = honest.row(entry.reading, of: device, at: draw.chance(0.5, UInt64(entry.reading.seq)) ? before : after)
        let other = Int64(draw.below(1_000_000, UInt64(10_000 + entry.reading.seq)))
        if device % 2 == 0 {
          row.sensorID = "stranger-\(device).temperature"
        } else {
          row.timestampMicroseconds += other * 1_000 + 337
        }
        // Microseconds that no device stamps: never one of our keys.
        rows.append(TrackedRow(row: row, device: -1, seq: -1, cause: .sharedTable, isOurs: false))
      }
    }
  }
}
