/// Stores a share of the readings twice.
struct Duplicate: ArrivalDefect {
  static let description = DefectDescription(
    name: "duplicate", summary: "stores a share of the readings twice",
    parameters: [.init(name: "rate", standard: "1%", kind: .share)])
  private let selection: Selection

  init(_ parameters: DefectParameters) { selection = Selection(parameters) }

  func treat(_ arrival: Arrival) -> Harm? {
    selection.contains(arrival.key) ? Harm(verdict: .duplicated, rows: 2) : nil
  }
}
