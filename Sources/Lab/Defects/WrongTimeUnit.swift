/// Takes the milliseconds of a timestamp for microseconds, so that the row lands in January 1970.
struct WrongTimeUnit: ArrivalDefect {
  static let description = DefectDescription(
    name: "wrong-time-unit", summary: "takes a timestamp's milliseconds for microseconds: the row lands in 1970",
    parameters: [.init(name: "rate", standard: "1%", kind: .share), .init(name: "as", standard: "us", kind: .choice(["us"]))])
  private let selection: Selection

  init(_ parameters: DefectParameters) { selection = Selection(parameters) }

  func treat(_ arrival: Arrival) -> Harm? {
    // 1970-01-01T00:00:00 is the same instant in every unit.
    guard selection.contains(arrival.key), arrival.timestamp != 0 else { return nil }
    return Harm(
      verdict: .misplaced, rows: 1, timestamp: arrival.timestamp, detail: ",\"stored_timestamp_us\":\(arrival.timestamp)")
  }
}
