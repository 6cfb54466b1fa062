/// Loses readings of one quality.
struct QualityFilter: ArrivalDefect {
  static let description = DefectDescription(
    name: "quality-filter", summary: "loses readings of one quality",
    parameters: [
      .init(name: "quality", standard: "UNCERTAIN", kind: .choice(["GOOD", "BAD", "UNCERTAIN", "OUT_OF_RANGE", "SENSOR_FAULT"]))
    ])
  private let quality: [UInt8]

  init(_ parameters: DefectParameters) { quality = Array(parameters.choice("quality").utf8) }

  func treat(_ arrival: Arrival) -> Harm? { arrival.quality.elementsEqual(quality) ? Harm(verdict: .lost, rows: 0) : nil }
}
