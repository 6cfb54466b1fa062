/// Compares device and timestamp alone: of the readings that a device takes at once, the first one is stored.
struct DedupKeys: ArrivalDefect {
  static let description = DefectDescription(
    name: "dedup-keys", summary: "takes readings of a device with the same timestamp for repeats, whatever their sensor", parameters: [])
  private var last: [[UInt8]: Int64] = [:]

  init(_ parameters: DefectParameters) {}

  func treat(_ arrival: Arrival) -> Harm? {
    last[Array(arrival.assetID)] == arrival.timestamp ? Harm(verdict: .lost, rows: 0) : nil
  }

  mutating func passed(_ arrival: Arrival) { last[Array(arrival.assetID)] = arrival.timestamp }
}
