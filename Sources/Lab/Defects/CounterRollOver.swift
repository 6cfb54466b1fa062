/// Does not expect that a counter begins anew: loses the lower readings, or adds the size of a 32-bit register to them.
struct CounterRollOver: ArrivalDefect {
  static let description = DefectDescription(
    name: "counter-rollover", summary: "loses readings of energy counters that are lower than the one before, or adds 2^32 to them",
    parameters: [.init(name: "how", standard: "drop", kind: .choice(["drop", "add"]))])
  private let drops: Bool
  private var last: [UInt64: Double] = [:]

  init(_ parameters: DefectParameters) { drops = parameters.choice("how") == "drop" }

  private static func isCounter(_ arrival: Arrival) -> Bool { arrival.sensorType.elementsEqual("ENERGY".utf8) }

  func treat(_ arrival: Arrival) -> Harm? {
    guard Self.isCounter(arrival), let last = last[arrival.key.sensor], arrival.value < last else { return nil }
    if drops { return Harm(verdict: .lost, rows: 0, detail: ",\"value\":\(arrival.value),\"after\":\(last)") }
    let stored = arrival.value + 4_294_967_296
    return Harm(
      verdict: .corrupted, rows: 1, value: .number(stored), detail: ",\"expected\":\(arrival.value),\"stored\":\(stored)")
  }

  mutating func passed(_ arrival: Arrival) {
    if Self.isCounter(arrival) { last[arrival.key.sensor] = arrival.value }
  }
}
