import Diagnosis
import Foundation
import Ledger
import Reconciliation

/// A number that stands for everything a run has written and judged; FNV-1a (Fowler, Noll, Vo).
enum RunDigest {
  static func digest(
    _ ledger: LedgerReader, devices: Int, _ exceptions: [Reconciliation.Exception], _ result: ReconciliationResult,
    _ diagnosis: Diagnosis
  ) throws -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    func add(_ text: String) {
      for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
    }
    for device in 0..<devices {
      for run in try ledger.deliveries(of: device) { add("\(run)") }
      for entry in try ledger.timeline(of: device, from: .min, to: .max) { add("\(entry)") }
    }
    for line in exceptions.map({ "\($0)" }).sorted() { add(line) }
    for (verdict, count) in result.verdicts.sorted(by: { $0.key < $1.key }) { add("\(verdict) \(count)") }
    // Its counts are dictionaries: as JSON with sorted keys they read the same each time.
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    add(String(decoding: try encoder.encode(diagnosis), as: UTF8.self))
    return hash
  }
}
