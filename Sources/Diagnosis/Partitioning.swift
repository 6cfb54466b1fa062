import FleetSpec
import Glibc
import Reconciliation
import World

/// One partition of a topic, if the topic has so many and the key is this one.
struct Partitioning {
  enum Key: CaseIterable {
    case siteDeviceType, device, sensor

    var text: String {
      switch self {
      case .siteDeviceType: "site:device:type"
      case .device: "the device's id"
      case .sensor: "the sensor's id"
      }
    }

    func text(_ item: Case, _ world: World) -> String {
      let device = world.devices[Int(item.device)]
      let sensor = world.profile(of: Int(item.device)).sensors[Int(item.sensor)]
      switch self {
      case .siteDeviceType: return "\(device.siteID):\(device.id):\(sensor.type.rawValue)"
      case .device: return device.id
      case .sensor: return device.sensorID(sensor)
      }
    }
  }

  var key: Key
  var partitions: Int
  var partition: Int
  var counts: Contingency
  var tried: Int
  /// How many different keys there are, and how many of them belong to the partition.
  var keys: Int
  var keysInside: Int

  var strength: Double { counts.logLikelihoodRatio - log(Double(max(1, tried))) }

  private static let numbers = [2, 3, 4, 5, 6, 8, 10, 12, 16, 20, 24, 32, 48, 64]
  /// Of fewer keys any set is some partition.
  private static let fewestKeys = 20
  private static let fewestInside = 3

  func contains(_ item: Case, _ file: CaseFile) -> Bool {
    Partitioning.partition(Partitioning.murmur2(key.text(item, file.world)), partitions) == partition
  }

  /// The partition that separates the lost readings of a view best.
  static func best(_ view: [Int], _ file: CaseFile) -> Partitioning? {
    var best: Partitioning?
    let tried = Key.allCases.count * numbers.reduce(0, +)
    for key in Key.allCases {
      // Counts by the hash of the key.
      var groups: [UInt32: (harmed: Double, total: Double)] = [:]
      var hashes: [Int64: UInt32] = [:]
      for index in view {
        let item = file.cases[index]
        let identity = Int64(item.device) << 16 | Int64(item.sensor)
        let hash: UInt32
        if let known = hashes[identity] {
          hash = known
        } else {
          hash = murmur2(key.text(item, file.world))
          hashes[identity] = hash
        }
        groups[hash, default: (0, 0)].total += item.weight
        if item.verdict == .lost { groups[hash, default: (0, 0)].harmed += item.weight }
      }
      guard groups.count >= fewestKeys else { continue }
      let sorted = groups.sorted { $0.key < $1.key }
      for partitions in numbers {
        guard let candidate = strongest(key, partitions, sorted, tried) else { continue }
        if candidate.strength > best?.strength ?? 0 { best = candidate }
      }
    }
    return best
  }

  private static func strongest(
    _ key: Key, _ partitions: Int, _ groups: [(key: UInt32, value: (harmed: Double, total: Double))], _ tried: Int
  ) -> Partitioning? {
    var sums = [(harmed: Double, total: Double, keys: Int)](repeating: (0, 0, 0), count: partitions)
    var harmed = 0.0
    var total = 0.0
    for (hash, counts) in groups {
      let partition = partition(hash, partitions)
      sums[partition].harmed += counts.harmed
      sums[partition].total += counts.total
      sums[partition].keys += 1
      harmed += counts.harmed
      total += counts.total
    }
    var best: Partitioning?
    for (partition, sum) in sums.enumerated() where sum.keys >= fewestInside {
      let table = Contingency(harmed: sum.harmed, foretold: sum.total, otherHarmed: harmed - sum.harmed, others: total - sum.total)
      let candidate = Partitioning(
        key: key, partitions: partitions, partition: partition, counts: table, tried: tried, keys: groups.count, keysInside: sum.keys)
      if candidate.counts.logLikelihoodRatio > best?.counts.logLikelihoodRatio ?? 0 { best = candidate }
    }
    return best
  }

  /// As Kafka's default partitioner does: the sign bit cleared, then the remainder.
  static func partition(_ hash: UInt32, _ partitions: Int) -> Int { Int(hash & 0x7fff_ffff) % partitions }

  /// MurmurHash2 (Appleby, public domain) with the seed that Kafka's clients use.
  static func murmur2(_ text: String) -> UInt32 {
    let bytes = Array(text.utf8)
    let multiplier: UInt32 = 0x5bd1_e995
    var hash: UInt32 = 0x9747_b28c ^ UInt32(truncatingIfNeeded: bytes.count)
    var index = 0
    while index + 4 <= bytes.count {
      var word =
        UInt32(bytes[index]) | UInt32(bytes[index + 1]) << 8 | UInt32(bytes[index + 2]) << 16 | UInt32(bytes[index + 3]) << 24
      word = word &* multiplier
      word ^= word >> 24
      word = word &* multiplier
      hash = hash &* multiplier ^ word
      index += 4
    }
    if index < bytes.count {
      for (shift, byte) in bytes[index...].enumerated() { hash ^= UInt32(byte) << UInt32(shift * 8) }
      hash = hash &* multiplier
    }
    hash ^= hash >> 13
    hash = hash &* multiplier
    return hash ^ hash >> 15
  }
}
