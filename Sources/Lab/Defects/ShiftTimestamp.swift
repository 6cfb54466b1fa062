/// Stores a reading at a timestamp that is off by a constant, as a mistaken time zone does.
struct ShiftTimestamp: ArrivalDefect {
  static let description = DefectDescription(
    name: "shift-timestamp", summary: "stores readings at a timestamp shifted by a constant",
    parameters: [
      .init(name: "rate", standard: "1%", kind: .share), .init(name: "by", standard: "1h", kind: .duration(signed: true)),
    ])
  private let selection: Selection
  private let by: Int64

  init(_ parameters: DefectParameters) {
    selection = Selection(parameters)
    by = parameters.milliseconds("by")
  }

  func treat(_ arrival: Arrival) -> Harm? {
    guard selection.contains(arrival.key) else { return nil }
    let shifted = arrival.timestamp + by
    guard (0...EventScanner.lastTimestamp).contains(shifted) else { return nil }
    return Harm(verdict: .misplaced, rows: 1, timestamp: shifted * 1000, detail: ",\"stored_timestamp_us\":\(shifted * 1000)")
  }
}
