/// A value that was checked against its shape, with defaults filled in.
struct Value: Sendable {
  enum Content: Sendable {
    case text(String)
    case keyword(String)
    case boolean(Bool)
    case integer(Int)
    /// In the dimension's base unit.
    case number(Double, Dimension)
    /// In the unit as written, or nil for the sensor's own.
    case sensorNumber(Double, unit: String?)
    case sensorRate(Double, unit: String?)
    case duration(Milliseconds)
    case durationRange(DurationRange)
    case rate(Double)
    case limit(Threshold.Limit)
    case timeOfDay(Milliseconds)
    case monthDay(MonthDay)
    case instant(Milliseconds)
    case secret(SecretReference)
    case list([Value])
    case map([Entry])
    case object(ObjectValue)
    /// Something is wrong with it; an error says what.
    case invalid
  }

  struct Entry: Sendable {
    var key: String
    var keyPlace: Place
    var value: Value
  }

  var content: Content
  var place: Place

  var text: String? { if case .text(let text) = content { text } else { nil } }
  var keyword: String? { if case .keyword(let word) = content { word } else { nil } }
  var boolean: Bool? { if case .boolean(let value) = content { value } else { nil } }
  var integer: Int? { if case .integer(let value) = content { value } else { nil } }
  var number: Double? { if case .number(let value, _) = content { value } else { nil } }
  var duration: Milliseconds? { if case .duration(let value) = content { value } else { nil } }
  var durationRange: DurationRange? { if case .durationRange(let value) = content { value } else { nil } }
  var rate: Double? { if case .rate(let value) = content { value } else { nil } }
  var limit: Threshold.Limit? { if case .limit(let value) = content { value } else { nil } }
  var timeOfDay: Milliseconds? { if case .timeOfDay(let value) = content { value } else { nil } }
  var monthDay: MonthDay? { if case .monthDay(let value) = content { value } else { nil } }
  var instant: Milliseconds? { if case .instant(let value) = content { value } else { nil } }
  var secret: SecretReference? { if case .secret(let value) = content { value } else { nil } }
  var list: [Value]? { if case .list(let values) = content { values } else { nil } }
  var map: [Entry]? { if case .map(let entries) = content { entries } else { nil } }
  var object: ObjectValue? { if case .object(let object) = content { object } else { nil } }

  /// Number and unit of a value in a sensor's unit.
  var sensorValue: (number: Double, unit: String?)? {
    switch content {
    case .sensorNumber(let number, let unit), .sensorRate(let number, let unit): (number, unit)
    default: nil
    }
  }
}

/// A mapping with known keys; missing optional ones are absent.
struct ObjectValue: Sendable {
  var place: Place
  /// In the order of the description.
  var entries: [Value.Entry]

  subscript(key: String) -> Value? {
    get { entries.first { $0.key == key }?.value }
    set {
      if let index = entries.firstIndex(where: { $0.key == key }) {
        if let newValue { entries[index].value = newValue } else { entries.remove(at: index) }
      } else if let newValue {
        entries.append(Value.Entry(key: key, keyPlace: newValue.place, value: newValue))
      }
    }
  }

  /// The value of a key that the description makes required or gives a default, in a file without errors.
  func required<Type>(_ key: String, _ extract: (Value) -> Type?) -> Type {
    guard let value = self[key], let result = extract(value) else {
      // Only reached when the description and its decoder disagree; every test that loads a fleet would show it.
      preconditionFailure("the description of '\(key)' and its decoder disagree")
    }
    return result
  }
}
