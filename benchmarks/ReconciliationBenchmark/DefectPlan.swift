import Reconciliation
import World

/// What the imagined pipeline does to each reading: drawn from the seed, so that `judge` could draw it again.
struct DefectPlan {
  enum Defect: Int, CaseIterable {
    case lost, duplicated, corrupted, misplaced

    var verdict: Verdict {
      switch self {
      case .lost: .lost
      case .duplicated: .duplicated
      case .corrupted: .corrupted
      case .misplaced: .misplaced
      }
    }
  }

  let seed: UInt64
  /// Of the readings of the devices that are hit.
  let share: Double
  /// The share of devices that are hit.
  let devices: Double

  func defect(device: Int, seq: Int64) -> Defect? {
    guard share > 0 else { return nil }
    let random = RandomStream(seed: seed, device: UInt64(device), stream: 140_000)
    guard random.uniform(0) < devices, random.uniform(UInt64(seq) + 1) < share else { return nil }
    return Defect(rawValue: Int(RandomStream(seed: seed, device: UInt64(device), stream: 140_001).below(4, UInt64(seq))))
  }
}

/// Exceptions by verdict, and a sum over them that no other set of exceptions is likely to have.
struct Fingerprint: Equatable {
  var counts: [String: Int64] = [:]
  var sum: UInt64 = 0

  mutating func add(_ verdict: Verdict, deviceID: String, seq: Int64) {
    counts[verdict.rawValue, default: 0] += 1
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in deviceID.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    for byte in verdict.rawValue.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    var mixed = hash ^ (UInt64(bitPattern: seq) &* 0x9e37_79b9_7f4a_7c15)
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    sum &+= mixed ^ (mixed >> 31)
  }

  var text: String {
    ([("sum", String(sum))] + counts.sorted { $0.key < $1.key }.map { ($0.key, String($0.value)) }).map { "\($0.0)=\($0.1)" }
      .joined(separator: "\n") + "\n"
  }

  init() {}

  init(text: String) {
    for line in text.split(separator: "\n") {
      let parts = line.split(separator: "=")
      guard parts.count == 2 else { continue }
      if parts[0] == "sum" { sum = UInt64(parts[1]) ?? 0 } else { counts[String(parts[0])] = Int64(parts[1]) ?? 0 }
    }
  }
}
