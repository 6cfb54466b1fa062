import FleetSpec

/// Readings that the pipeline handled well, in bounded memory: a sample of each kind, and how many there were of it. Which ones are kept
/// depends on the readings alone, not on the order in which they come.
struct GoodSample {
  /// About 25 MB.
  private static let mostKept = 100_000

  fileprivate struct Stratum {
    var kept: [(hash: UInt64, item: Case)] = []
    var count: Int64 = 0
    /// Hashes from here on are not kept.
    var limit = UInt64.max
  }

  private var strata: [UInt32: Stratum] = [:]
  private var perStratum = 4_096
  private var keptCount = 0

  mutating func add(_ item: Case) {
    let key = Self.kind(item)
    let hash = item.hash
    var grown = false
    strata[key, default: Stratum()].take(item, hash, most: perStratum, &keptCount, &grown)
    guard grown, keptCount > Self.mostKept, perStratum > 64 else { return }
    perStratum /= 2
    keptCount = 0
    for key in strata.keys.sorted() {
      strata[key]?.cut(to: perStratum)
      keptCount += strata[key]?.kept.count ?? 0
    }
  }

  /// The sample with its weights, in the order of devices and numbers.
  func cases() -> [Case] {
    var all: [Case] = []
    for key in strata.keys.sorted() {
      guard let stratum = strata[key], !stratum.kept.isEmpty else { continue }
      let weight = Double(stratum.count) / Double(stratum.kept.count)
      all += stratum.kept.map {
        var item = $0.item
        item.weight = weight
        return item
      }
    }
    return all.sorted { ($0.device, $0.seq) < ($1.device, $1.seq) }
  }

  /// Readings that detectors may have to tell apart are of different kinds, so that the rare ones are kept.
  private static func kind(_ item: Case) -> UInt32 {
    let lateness = item.lateness
    let late = lateness > 2_000 || lateness < -2_000 ? UInt32(128 - lateness.magnitude.leadingZeroBitCount * 2) + halfOctave(lateness) : 0
    let sign: UInt32 = lateness < -2_000 ? 1 : 0
    let repeated = item.attempts > 1 ? UInt32(65 - item.repeatSpan.magnitude.leadingZeroBitCount) : 0
    let change = item.relativeChange
    let similar: UInt32 = change == 0 ? 1 : change.isFinite ? UInt32(min(15, max(2, Int(change.exponent) + 14))) : 0
    let special: UInt32 = (item.quality == .good ? 0 : 1) + (item.malformation == .none ? 0 : 2) + (item.value == 0 ? 4 : 0)
    let traits = UInt32(item.traits.rawValue & 15)
    return late | sign << 8 | repeated << 9 | similar << 16 | special << 20 | traits << 24
  }

  private static func halfOctave(_ value: Milliseconds) -> UInt32 {
    let magnitude = value.magnitude
    let top = 63 - magnitude.leadingZeroBitCount
    return top > 0 && magnitude & (1 << (top - 1)) != 0 ? 1 : 0
  }
}

extension GoodSample.Stratum {
  fileprivate mutating func take(_ item: Case, _ hash: UInt64, most: Int, _ keptCount: inout Int, _ grown: inout Bool) {
    count += 1
    guard hash < limit else { return }
    kept.append((hash, item))
    keptCount += 1
    grown = true
    if kept.count >= most * 2 {
      keptCount -= kept.count
      cut(to: most)
      keptCount += kept.count
    }
  }

  fileprivate mutating func cut(to most: Int) {
    guard kept.count > most else { return }
    kept.sort { $0.hash < $1.hash }
    limit = kept[most].hash
    kept.removeLast(kept.count - most)
  }
}
