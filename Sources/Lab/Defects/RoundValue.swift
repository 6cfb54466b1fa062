import Foundation

/// Stores values with fewer decimal places, as a column of a narrow type does.
struct RoundValue: ArrivalDefect {
  static let description = DefectDescription(
    name: "round-value", summary: "stores values rounded to this many decimal places",
    parameters: [
      .init(name: "places", standard: "0", kind: .choice(["0", "1", "2", "3"])), .init(name: "rate", standard: "100%", kind: .share),
    ])
  private let selection: Selection
  private let scale: Double

  init(_ parameters: DefectParameters) {
    selection = Selection(parameters)
    scale = pow(10, Double(parameters.choice("places")) ?? 0)
  }

  func treat(_ arrival: Arrival) -> Harm? {
    let stored = (arrival.value * scale).rounded() / scale
    guard selection.contains(arrival.key), stored != arrival.value, stored.isFinite else { return nil }
    return Harm(
      verdict: .corrupted, rows: 1, value: .number(stored), detail: ",\"expected\":\(arrival.value),\"stored\":\(stored)")
  }
}
