/// Loses a share of the readings, all copies of them.
struct Drop: ArrivalDefect {
  static let description = DefectDescription(
    name: "drop", summary: "loses a share of the readings",
    parameters: [.init(name: "rate", standard: "1%", kind: .share)])
  private let selection: Selection

  init(_ parameters: DefectParameters) { selection = Selection(parameters) }

  func treat(_ arrival: Arrival) -> Harm? {
    selection.contains(arrival.key) ? Harm(verdict: .lost, rows: 0) : nil
  }
}
