/// Stores another value than the one that was sent; a value that would stay the same is left alone.
struct CorruptValue: ArrivalDefect {
  static let description = DefectDescription(
    name: "corrupt-value", summary: "stores a wrong value: scaled by `factor`, negated, NULL, or cut to a whole number",
    parameters: [
      .init(name: "rate", standard: "1%", kind: .share),
      .init(name: "how", standard: "scale", kind: .choice(["scale", "negate", "null", "truncate"])),
      .init(name: "factor", standard: "1000", kind: .factor),
    ])
  private let selection: Selection
  private let how: String
  private let factor: Double

  init(_ parameters: DefectParameters) {
    selection = Selection(parameters)
    how = parameters.choice("how")
    factor = parameters.number("factor")
  }

  func treat(_ arrival: Arrival) -> Harm? {
    guard selection.contains(arrival.key) else { return nil }
    let stored: Double? =
      switch how {
      case "negate": -arrival.value
      case "truncate": arrival.value.rounded(.towardZero)
      case "null": nil
      default: arrival.value * factor
      }
    guard stored != arrival.value, stored?.isFinite ?? true else { return nil }
    let text = stored.map { "\($0)" } ?? "null"
    return Harm(
      verdict: .corrupted, rows: 1, value: stored.map { .number($0) } ?? .null,
      detail: ",\"how\":\"\(how)\",\"expected\":\(arrival.value),\"stored\":\(text)")
  }
}
