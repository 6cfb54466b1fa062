extension Shape {
  /// Says what is right; completes "expected ...".
  var expectation: String {
    switch self {
    case .text(let format): format.expectation
    case .choice(let words): "one of \(words.joined(separator: ", "))"
    case .boolean: "true or false"
    case .integer(let range) where range.upperBound == Int.max: "a whole number, \(range.lowerBound) or more"
    case .integer(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
    case .number(let measure): measure.expectation
    case .duration(let range): "\(Units.durationExpectation), \(Self.limits(range))"
    case .durationRange(let range): "a range of durations such as 5s..30s, \(Self.limits(range))"
    case .share: "a share such as 5 % or 0.05, from 0 % to 100 %"
    case .rate: "a rate such as 20/s, 300/min or 5000/h"
    case .sensorNumber: "a number in the sensor's unit, such as 0.5"
    case .sensorRate: "a change per year in the sensor's unit, such as 0.1, 0.1 degC/year or 5 %/h"
    case .limit: "a count such as 0 or 12, or a share such as 1 %"
    case .timeOfDay: "a time of day such as \"11:30\", from 00:00 to 23:59"
    case .monthDay: "a day of the year as MM-DD, such as 06-21"
    case .instant: "an instant in UTC such as 2026-06-21T10:00:00Z"
    case .secret: "{env: NAME} or {file: PATH}"
    case .list(.object(let object), _): "a list, each item \(object.noun)"
    case .list(let item, _): "a list, each item \(item.expectation)"
    case .pair: "two numbers [lower, upper]"
    case .oneOrPair(let item): "\(item.expectation), or two of them [lower, upper]"
    case .oneOrList(let item): "\(item.expectation), or a list of them"
    case .listOrObject(let item, let minimum, let object):
      "\(Shape.list(of: item, atLeast: minimum).expectation), or \(Shape.object(object).expectation)"
    case .byMonth(let item): "\(item.expectation), or a list of twelve from January on"
    case .map(_, .object(let object)): "a mapping of names, each to \(object.noun)"
    case .map(_, let values): "a mapping, each value \(values.expectation)"
    case .object(let object): "\(object.noun) as a mapping with the keys \(object.fields.map(\.key).joined(separator: ", "))"
    case .keyword(let word, let shape): "\(shape.expectation), or '\(word)'"
    }
  }

  private static func limits(_ range: ClosedRange<Milliseconds>) -> String {
    "from \(Units.format(milliseconds: range.lowerBound)) to \(Units.format(milliseconds: range.upperBound))"
  }

  /// Whether a single value, as opposed to a list or a mapping, can be right.
  var acceptsScalar: Bool {
    switch self {
    case .secret, .list, .pair, .map, .object, .listOrObject: false
    default: true
    }
  }

  /// Whether a list or a mapping can be right.
  var acceptsCollection: Bool {
    switch self {
    case .secret, .list, .pair, .map, .object, .listOrObject, .oneOrList, .oneOrPair, .byMonth: true
    case .keyword(_, let other): other.acceptsCollection
    default: false
    }
  }
}
