/// Discards what is stamped too far ahead of its arrival.
struct FutureCutoff: ArrivalDefect {
  static let description = DefectDescription(
    name: "future-cutoff", summary: "loses readings whose timestamp is further than this ahead of their arrival",
    parameters: [.init(name: "ahead", standard: "5s", kind: .duration(signed: false))])
  private let ahead: Int64

  init(_ parameters: DefectParameters) { ahead = parameters.milliseconds("ahead") }

  func treat(_ arrival: Arrival) -> Harm? {
    guard arrival.timestamp - arrival.time > ahead else { return nil }
    return Harm(verdict: .lost, rows: 0, detail: ",\"ahead_by_ms\":\(arrival.timestamp - arrival.time)")
  }
}
