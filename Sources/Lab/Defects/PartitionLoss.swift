/// Loses a share of the readings of one partition, as a consumer does that was never assigned it. The key is `site:asset:type`, and its
/// partition the one that Kafka's default partitioner chooses.
struct PartitionLoss: ArrivalDefect {
  static let description = DefectDescription(
    name: "partition-loss", summary: "loses a share of the readings of one of `partitions` Kafka partitions, numbered from 1",
    parameters: [
      .init(name: "partitions", standard: "8", kind: .count), .init(name: "partition", standard: "4", kind: .count),
      .init(name: "rate", standard: "100%", kind: .share),
    ])
  private let selection: Selection
  private let partitions: UInt32
  private let partition: UInt32

  init(_ parameters: DefectParameters) {
    selection = Selection(parameters)
    partitions = UInt32(parameters.number("partitions"))
    partition = UInt32(parameters.number("partition")) - 1
  }

  func treat(_ arrival: Arrival) -> Harm? {
    guard selection.contains(arrival.key) else { return nil }
    let key = Array(arrival.siteID) + [UInt8(ascii: ":")] + Array(arrival.assetID) + [UInt8(ascii: ":")] + Array(arrival.sensorType)
    let number = (Self.murmur2(key) & 0x7fff_ffff) % partitions
    return number == partition ? Harm(verdict: .lost, rows: 0, detail: ",\"partition\":\(number)") : nil
  }

  /// MurmurHash2 (Appleby, public domain) with the seed of Kafka's clients.
  static func murmur2(_ key: [UInt8]) -> UInt32 {
    let multiplier: UInt32 = 0x5bd1_e995
    var hash: UInt32 = 0x9747_b28c ^ UInt32(truncatingIfNeeded: key.count)
    var rest = key[...]
    while rest.count >= 4 {
      var word: UInt32 = 0
      for byte in rest.prefix(4).reversed() { word = word << 8 | UInt32(byte) }
      word = word &* multiplier
      word = (word ^ word >> 24) &* multiplier
      hash = hash &* multiplier ^ word
      rest = rest.dropFirst(4)
    }
    if !rest.isEmpty {
      for (index, byte) in rest.enumerated() { hash ^= UInt32(byte) << UInt32(index * 8) }
      hash = hash &* multiplier
    }
    hash = (hash ^ hash >> 13) &* multiplier
    return hash ^ hash >> 15
  }
}
