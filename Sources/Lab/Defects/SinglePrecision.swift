/// Stores values with the precision of a 32-bit floating-point number; values that it can hold stay as they are.
struct SinglePrecision: ArrivalDefect {
  static let description = DefectDescription(
    name: "float32", summary: "stores values as 32-bit floating-point numbers",
    parameters: [.init(name: "rate", standard: "100%", kind: .share)])
  private let selection: Selection

  init(_ parameters: DefectParameters) { selection = Selection(parameters) }

  func treat(_ arrival: Arrival) -> Harm? {
    let stored = Double(Float(arrival.value))
    guard selection.contains(arrival.key), stored != arrival.value, stored.isFinite else { return nil }
    return Harm(
      verdict: .corrupted, rows: 1, value: .number(stored), detail: ",\"expected\":\(arrival.value),\"stored\":\(stored)")
  }
}
