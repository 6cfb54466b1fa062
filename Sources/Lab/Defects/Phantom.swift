/// Makes up rows that no device sent: a real row's sensor at a time between two samples, with a value far off.
struct Phantom: Defect {
  static let description = DefectDescription(
    name: "phantom", summary: "stores rows that no device sent",
    parameters: [.init(name: "rate", standard: "0.1%", kind: .share)])
  private let selection: Selection
  private var made: Set<ReadingKey> = []

  init(_ parameters: DefectParameters) { selection = Selection(parameters) }

  /// The made-up reading that follows this one, or nil. Its timestamp lies an odd number of milliseconds from 101 to 997 later and is
  /// none that `isTaken` knows.
  mutating func madeUp(after arrival: Arrival, isTaken: (ReadingKey) -> Bool) -> (key: ReadingKey, value: Double)? {
    guard selection.contains(arrival.key) else { return nil }
    let bits = selection.bits(arrival.key)
    let choices: UInt64 = 449
    for attempt in 0..<choices {
      let shift = Int64(101 + 2 * ((bits &+ attempt) % choices))
      let key = ReadingKey(sensor: arrival.key.sensor, timestamp: arrival.timestamp + shift)
      if key.timestamp <= EventScanner.lastTimestamp, !isTaken(key), made.insert(key).inserted {
        return (key, arrival.value * 3 + 1e5 + Double((bits >> 32) % 1000))
      }
    }
    return nil
  }
}
