/// Takes every temperature for one in another unit and converts it.
struct UnitConversion: ArrivalDefect {
  static let description = DefectDescription(
    name: "unit-conversion", summary: "converts temperatures that are in °C already: from °C to °F, or to kelvin",
    parameters: [.init(name: "to", standard: "fahrenheit", kind: .choice(["fahrenheit", "kelvin"]))])
  private let toKelvin: Bool

  init(_ parameters: DefectParameters) { toKelvin = parameters.choice("to") == "kelvin" }

  func treat(_ arrival: Arrival) -> Harm? {
    guard arrival.sensorType.elementsEqual("TEMPERATURE".utf8) else { return nil }
    let stored = toKelvin ? arrival.value + 273.15 : arrival.value * 1.8 + 32
    guard stored != arrival.value else { return nil }
    return Harm(
      verdict: .corrupted, rows: 1, value: .number(stored), detail: ",\"expected\":\(arrival.value),\"stored\":\(stored)")
  }
}
