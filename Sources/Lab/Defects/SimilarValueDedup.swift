/// Takes a reading for a repeat when its value is close to the last one of the same sensor that was let through.
///
/// Equal values count as close, unless the last one is 0 and the division by it is not guarded; otherwise the difference is compared with a
/// share of the last value.
struct SimilarValueDedup: ArrivalDefect {
  static let description = DefectDescription(
    name: "similar-value-dedup",
    summary: "loses readings whose value is within a share of the same sensor's last one, when their timestamps are close",
    parameters: [
      .init(name: "within", standard: "1%", kind: .share), .init(name: "window", standard: "60s", kind: .duration(signed: false)),
      .init(name: "zero", standard: "guarded", kind: .choice(["guarded", "divides"])),
    ])
  private let within: Double
  private let window: Int64
  private let divides: Bool
  private var last: [UInt64: (value: Double, timestamp: Int64)] = [:]

  init(_ parameters: DefectParameters) {
    within = parameters.number("within")
    window = parameters.milliseconds("window")
    divides = parameters.choice("zero") == "divides"
  }

  func treat(_ arrival: Arrival) -> Harm? {
    guard let last = last[arrival.key.sensor], abs(arrival.timestamp - last.timestamp) <= window else { return nil }
    // Neither NaN nor infinity is below any limit.
    if divides && last.value == 0 { return nil }
    guard arrival.value == last.value || abs(arrival.value - last.value) < within * abs(last.value) else { return nil }
    return Harm(verdict: .lost, rows: 0, detail: ",\"value\":\(arrival.value),\"similar_to\":\(last.value)")
  }

  mutating func passed(_ arrival: Arrival) { last[arrival.key.sensor] = (arrival.value, arrival.timestamp) }
}
