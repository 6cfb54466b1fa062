/// Loses everything for a while, again and again, as a consumer does that skips what came while it was restarted.
struct LossBurst: ArrivalDefect {
  static let description = DefectDescription(
    name: "loss-burst", summary: "loses everything that arrives within the last `length` of each `every`",
    parameters: [
      .init(name: "every", standard: "20s", kind: .duration(signed: false)),
      .init(name: "length", standard: "1s", kind: .duration(signed: false)),
    ])
  private let every: Int64
  private let length: Int64
  private var start: Int64?

  init(_ parameters: DefectParameters) {
    every = parameters.milliseconds("every")
    length = parameters.milliseconds("length")
  }

  mutating func treat(_ arrival: Arrival) -> Harm? {
    let begin = start ?? arrival.time
    start = begin
    return (arrival.time - begin) % every >= every - length ? Harm(verdict: .lost, rows: 0) : nil
  }
}
