/// Takes a value of 0 for a missing one, as code does that asks whether a number is true.
struct ZeroHandling: ArrivalDefect {
  static let description = DefectDescription(
    name: "zero-handling", summary: "takes 0 for a missing value: stores NULL, or loses the reading",
    parameters: [.init(name: "how", standard: "null", kind: .choice(["null", "drop"]))])
  private let drops: Bool

  init(_ parameters: DefectParameters) { drops = parameters.choice("how") == "drop" }

  func treat(_ arrival: Arrival) -> Harm? {
    guard arrival.value == 0 else { return nil }
    return drops
      ? Harm(verdict: .lost, rows: 0) : Harm(verdict: .corrupted, rows: 1, value: .null, detail: ",\"expected\":0,\"stored\":null")
  }
}
