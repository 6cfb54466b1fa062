/// Checks of a profile that look at more than one value.
///
/// They skip whatever is invalid by itself, so that one mistake gives one error.
struct ProfileChecker {
  private(set) var errors: [SpecificationError] = []

  /// - Parameter name: What the profile must be called, because of its file or its key.
  mutating func check(_ profile: ObjectValue, name: String, nameSource: String) {
    if let value = profile["profile"], let given = value.text, given != name {
      report(
        value.place, "'profile' is '\(given)', but \(nameSource) is called '\(name)'", expected: "the same name",
        suggestion: "write 'profile: \(name)' or rename it")
    }
    checkSensors(profile)
    checkPlant(profile)
    checkStorage(profile)
    checkConnection(profile)
    errors += DeliveryChecker.check(profile)
    errors += PayloadChecker.check(profile)
    checkClock(profile)
    var rollout = RolloutChecker()
    rollout.check(profile)
    errors += rollout.errors
  }

  private mutating func report(_ place: Place, _ problem: String, expected: String? = nil, suggestion: String? = nil) {
    errors.append(SpecificationError(place, problem, expected: expected, suggestion: suggestion))
  }

  private mutating func checkSensors(_ profile: ObjectValue) {
    var places: [(name: String, place: Place)] = []
    var plantMissed = false
    for sensor in profile["sensors"]?.list?.compactMap(\.object) ?? [] {
      if let name = sensor["name"], let text = name.text {
        if let first = places.first(where: { $0.name == text }) {
          report(
            name.place, "duplicate sensor name '\(text)', which already stands at \(first.place)",
            expected: "names that are unique within the profile")
        }
        places.append((text, name.place))
      }
      guard let measures = sensor["measures"], let quantity = measures.text.flatMap(Quantity.init(rawValue:)) else { continue }
      if quantity.needsPlant, profile["plant"] == nil, !plantMissed {
        plantMissed = true
        report(
          measures.place, "'\(quantity.rawValue)' can only be measured at a photovoltaic plant", expected: "a 'plant' in the profile",
          suggestion: "add 'plant: {dc_capacity: 12 kW, ac_capacity: 10 kW}' to the profile")
      }
      checkEquipment(of: measures, quantity, profile)
      checkInput(of: sensor, quantity, profile)
      checkNumbers(of: sensor, quantity)
      var troubles = SensorChecker()
      troubles.check(sensor, quantity)
      errors += troubles.errors
    }
  }

  private mutating func checkEquipment(of measures: Value, _ quantity: Quantity, _ profile: ObjectValue) {
    for (needed, key, example) in [
      (quantity.needsStorage, "storage", "{capacity: 10 kWh, power: 5 kW}"), (quantity.needsLoad, "load", "{average: 450 W}"),
    ] where needed && profile[key] == nil {
      report(
        measures.place, "'\(quantity.rawValue)' can only be measured where there is a \(key)", expected: "a '\(key)' in the profile",
        suggestion: "add '\(key): \(example)' to the profile")
    }
  }

  private mutating func checkInput(of sensor: ObjectValue, _ quantity: Quantity, _ profile: ObjectValue) {
    guard let input = sensor["input"], let number = input.integer, number > 1 else { return }
    let plant = profile["plant"]?.object
    switch quantity {
    case .stringCurrent: checkInput(input, number, of: plant, "string", limit: plant?["strings"]?.integer)
    case .dcPower, .dcVoltage, .dcCurrent: checkInput(input, number, of: plant, "input", limit: plant?["inputs"]?.list?.count)
    case .acVoltage, .gridCurrent:
      if number > 3 { report(input.place, "'input' is \(number), but there are three phases", expected: "1 to 3") }
    default:
      report(
        input.place, "'input' is \(number), but '\(quantity.rawValue)' exists only once", expected: "no 'input'",
        suggestion: "take the key away")
    }
  }

  private mutating func checkInput(_ input: Value, _ number: Int, of plant: ObjectValue?, _ what: String, limit: Int?) {
    let limit = max(1, limit ?? 1)
    guard plant != nil, number > limit else { return }
    report(
      input.place, "'input' is \(number), but the plant has \(limit) \(limit == 1 ? what : what + "s")", expected: "1 to \(limit)",
      suggestion: "give the plant more \(what)s, or the sensor a lower number")
  }

  private mutating func checkNumbers(of sensor: ObjectValue, _ quantity: Quantity) {
    if let unit = sensor["unit"], let text = unit.text, !quantity.wireUnits.contains(text) {
      report(
        unit.place, "'unit' is '\(text)', which does not fit '\(quantity.rawValue)'",
        expected: "\(quantity.dimension.noun), in \(quantity.wireUnits.joined(separator: ", "))")
      return
    }
    let unit = sensor["unit"]?.text ?? quantity.wireUnits.first ?? ""
    if let range = sensor["range"], let pair = range.list, pair.count == 2 {
      let lower = converted(pair[0], unit, quantity, "range")
      let upper = converted(pair[1], unit, quantity, "range")
      if let lower, let upper, lower >= upper {
        report(range.place, "'range' ends before it begins", expected: "[lower, upper] with lower < upper")
      }
    }
    for key in ["offset_error", "noise", "drift", "flicker_noise", "random_walk", "spike_size", "deadband"] {
      guard let value = sensor[key], let number = converted(value, unit, quantity, key), number < 0 else { continue }
      report(value.place, "'\(key)' is negative", expected: key == "deadband" ? "0 or more" : "a standard deviation, 0 or more")
    }
  }

  private mutating func converted(_ value: Value, _ unit: String, _ quantity: Quantity, _ key: String) -> Double? {
    guard let (number, written) = value.sensorValue else { return nil }
    if let result = SensorUnits.convert(number, from: written, to: unit, of: quantity) { return result }
    report(
      value.place, "'\(key)' has the unit '\(written ?? "")'",
      expected: "\(quantity.dimension.noun), in \(quantity.wireUnits.joined(separator: ", "))")
    return nil
  }

  private mutating func checkStorage(_ profile: ObjectValue) {
    if let efficiency = profile["storage"]?.object?["efficiency"], let number = efficiency.number, number < 0.5 {
      report(efficiency.place, "'efficiency' is below 50 %", expected: "a share from 50 % to 100 %")
    }
  }

  private mutating func checkPlant(_ profile: ObjectValue) {
    guard let plant = profile["plant"]?.object else { return }
    if let efficiency = plant["efficiency"], let number = efficiency.number, number < 0.5 {
      report(efficiency.place, "'efficiency' is below 50 %", expected: "a share from 50 % to 100 %")
    }
    if let inputs = plant["inputs"], let list = inputs.list, !list.isEmpty {
      if list.count > 8 { report(inputs.place, "'inputs' has \(list.count) items", expected: "at most 8") }
      let sum = list.compactMap { $0.object?["share"]?.number }.reduce(0, +)
      if list.allSatisfy({ $0.object?["share"]?.number != nil }), abs(sum - 1) > 0.001 {
        report(inputs.place, "the shares of 'inputs' add up to \(Units.format((sum * 1000).rounded() / 10)) %", expected: "100 %")
      }
    }
    if let tracker = plant["tracker"]?.object, let coverage = tracker["ground_coverage"], coverage.number == 0 {
      report(coverage.place, "'ground_coverage' is 0", expected: "a share above 0")
    }
  }

  private mutating func checkClock(_ profile: ObjectValue) {
    guard let clock = profile["clock"]?.object, clock["synchronise"]?.keyword == "never" else { return }
    for fault in ["steps", "far_future"] {
      guard let value = clock[fault], value.object != nil else { continue }
      report(
        value.place, "'\(fault)' in a clock that is never synchronised", expected: "a 'synchronise' such as 1h, which ends each of them")
    }
  }

  private mutating func checkConnection(_ profile: ObjectValue) {
    guard let connection = profile["connection"]?.object else { return }
    if let base = connection["backoff_base"], let maximum = connection["backoff_maximum"], let low = base.duration,
      let high = maximum.duration, low > high
    {
      report(
        place(of: "backoff_base", or: "backoff_maximum", in: connection),
        "'backoff_base' of \(Units.format(milliseconds: low)) is longer than 'backoff_maximum' of \(Units.format(milliseconds: high))",
        expected: "backoff_base <= backoff_maximum")
    }
    if let keepalive = connection["keepalive"], let time = keepalive.duration, time % 1000 != 0 {
      report(keepalive.place, "'keepalive' is not a whole number of seconds", expected: "whole seconds, as MQTT sends them")
    }
    if let buffer = profile["buffer"]?.object, let capacity = buffer["capacity"]?.integer, let inflight = connection["inflight"]?.integer,
      inflight > capacity
    {
      let explicit = connection["inflight"].flatMap { $0.place == connection.place ? nil : $0.place }
      report(
        explicit ?? place(of: "capacity", or: "capacity", in: buffer),
        "'inflight' of \(inflight) is more than the buffer's 'capacity' of \(capacity)", expected: "inflight <= capacity",
        suggestion: "messages that wait for their acknowledgement stay in the buffer")
    }
  }

  /// The place of the key that stands in the file; the other one may be a default.
  private func place(of key: String, or other: String, in object: ObjectValue) -> Place {
    for key in [key, other] {
      if let place = object[key]?.place, place != object.place { return place }
    }
    return object.place
  }
}

/// Conversion between the units of a sensor's dimension.
enum SensorUnits {
  /// The number in the sensor's unit, or nil when its own unit measures something else.
  static func convert(_ number: Double, from written: String?, to unit: String, of quantity: Quantity) -> Double? {
    guard let written, written != unit else { return number }
    let units = quantity.dimension.units
    guard let from = units.first(where: { $0.symbol == written }), let to = units.first(where: { $0.symbol == unit }) else { return nil }
    return number * from.multiplier * to.divisor / (from.divisor * to.multiplier)
  }
}
