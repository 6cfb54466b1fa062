/// Checks of a sensor's troubles that look at more than one value.
struct SensorChecker {
  private(set) var errors: [SpecificationError] = []

  mutating func check(_ sensor: ObjectValue, _ quantity: Quantity) {
    let unit = sensor["unit"]?.text ?? quantity.wireUnits.first ?? ""
    // Another unit was reported already.
    guard quantity.wireUnits.contains(unit) else { return }
    if let counter = sensor["counter"], let object = counter.object { check(object, counter.place, quantity, unit) }
  }

  private mutating func report(_ place: Place, _ problem: String, expected: String? = nil, suggestion: String? = nil) {
    errors.append(SpecificationError(place, problem, expected: expected, suggestion: suggestion))
  }

  private mutating func check(_ counter: ObjectValue, _ place: Place, _ quantity: Quantity, _ unit: String) {
    guard quantity.isCounter else {
      report(
        place, "'\(quantity.rawValue)' is not a counter",
        expected: "one of \(Quantity.allCases.filter(\.isCounter).map(\.rawValue).joined(separator: ", "))", suggestion: "remove 'counter'")
      return
    }
    for key in ["step", "begins_at"] {
      guard let value = counter[key], let (number, written) = value.sensorValue else { continue }
      guard let converted = SensorUnits.convert(number, from: written, to: unit, of: quantity) else {
        report(
          value.place, "'\(key)' has the unit '\(written ?? "")'",
          expected: "\(quantity.dimension.noun), in \(quantity.wireUnits.joined(separator: ", "))")
        continue
      }
      if key == "step" ? converted <= 0 : converted < 0 {
        report(value.place, "'\(key)' is \(Units.format(number))", expected: key == "step" ? "more than 0" : "0 or more")
      }
    }
    if let skew = counter["reset_skew"], let time = skew.duration, time > 0, counter["reset"]?.text != "midnight" {
      report(
        skew.place, "'reset_skew' has no meaning without a daily reset", expected: "'reset: midnight' beside it",
        suggestion: "add 'reset: midnight' or remove 'reset_skew'")
    }
  }
}
