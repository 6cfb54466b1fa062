/// Reads a single value as a shape.
enum ScalarParser {
  static func parse(_ text: String, as shape: Shape, at place: Place) throws(FormatError) -> Value.Content {
    switch shape {
    case .text(let format):
      try format.check(text)
      guard format == .path else { return .text(text) }
      // A place without a line is the command line, whose paths are relative to the working directory.
      return .text(Paths.absolute(place.line == 0 ? text : Paths.resolve(text, besideFile: place.file)))
    case .choice(let words):
      guard words.contains(text) else {
        throw FormatError("", expected: shape.expectation, suggestion: Suggestion.didYouMean(text, among: words))
      }
      return .text(text)
    case .boolean: return .boolean(try boolean(text))
    case .integer(let range): return .integer(try integer(text, range, shape))
    case .number(let measure): return .number(try measure.parse(text), measure.dimension)
    case .duration(let range):
      let value = try Units.duration(text)
      guard range.contains(value) else { throw FormatError("out of range", expected: shape.expectation) }
      return .duration(value)
    case .durationRange(let range):
      let value = try Units.durationRange(text)
      guard range.contains(value.lower), range.contains(value.upper) else {
        throw FormatError("out of range", expected: shape.expectation)
      }
      return .durationRange(value)
    case .share: return .number(try Units.share(text), .plain)
    case .rate: return .rate(try Units.rate(text))
    case .sensorNumber:
      let value = try Units.sensorNumber(text)
      return .sensorNumber(value.number, unit: value.unit)
    case .sensorRate:
      let value = try Units.sensorRate(text)
      return .sensorRate(value.number, unit: value.unit)
    case .limit: return .limit(try Units.limit(text))
    case .timeOfDay: return .timeOfDay(try Units.timeOfDay(text))
    case .monthDay: return .monthDay(try Units.monthDay(text))
    case .instant: return .instant(try Units.instant(text))
    case .secret, .list, .pair, .oneOrPair, .oneOrList, .listOrObject, .byMonth, .map, .object, .keyword:
      throw FormatError("", expected: shape.expectation)
    }
  }

  private static func boolean(_ text: String) throws(FormatError) -> Bool {
    switch text {
    case "true": return true
    case "false": return false
    default:
      let yes = ["yes", "on", "1"].contains(text.lowercased()) || text.lowercased() == "true"
      let no = ["no", "off", "0"].contains(text.lowercased()) || text.lowercased() == "false"
      let suggestion = yes ? "did you mean 'true'?" : no ? "did you mean 'false'?" : nil
      throw FormatError("", expected: "true or false", suggestion: suggestion)
    }
  }

  private static func integer(_ text: String, _ range: ClosedRange<Int>, _ shape: Shape) throws(FormatError) -> Int {
    // People separate thousands the way YAML and Swift allow it: 100_000.
    let digits = text.filter { $0 != "_" }
    guard let value = Int(digits), !text.hasPrefix("_"), !text.hasSuffix("_") else {
      throw FormatError("not a whole number", expected: shape.expectation)
    }
    guard range.contains(value) else { throw FormatError("out of range", expected: shape.expectation) }
    return value
  }
}
