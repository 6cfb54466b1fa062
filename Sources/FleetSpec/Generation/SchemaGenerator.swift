/// JSON Schemas (draft 2020-12) for editors, made from the description of the file formats.
public enum SchemaGenerator {
  /// The schema of a fleet file.
  public static func fleetSchema() -> String {
    document(FleetDescription.shape, title: "Heliograph fleet")
  }

  /// The schema of a firmware profile in a file of its own.
  public static func firmwareProfileSchema() -> String {
    document(ProfileDescription.file, title: "Heliograph firmware profile")
  }

  private static func document(_ shape: ObjectShape, title: String) -> String {
    let head: [(String, JSONText)] = [("$schema", .text("https://json-schema.org/draft/2020-12/schema")), ("title", .text(title))]
    // Each shape once, however often it is used: the file stays small enough to be read.
    var definitions: [ObjectShape] = []
    collect(from: shape, into: &definitions)
    let shared: [(String, JSONText)] = [("$defs", .object(definitions.map { (key(of: $0), .object(object($0))) }))]
    return JSONText.object(head + object(shape) + shared).printed() + "\n"
  }

  /// Where a shape stands among the definitions.
  private static func key(_ name: String) -> String { name.lowercased().replacing(" ", with: "-") }

  private static func key(of shape: ObjectShape) -> String { key(shape.name) }

  private static func collect(from shape: ObjectShape, into definitions: inout [ObjectShape]) {
    for field in shape.fields { collect(from: field.shape, into: &definitions) }
  }

  private static func collect(from shape: Shape, into definitions: inout [ObjectShape]) {
    switch shape {
    case .object(let object):
      guard !definitions.contains(where: { $0.name == object.name }) else { return }
      definitions.append(object)
      collect(from: object, into: &definitions)
    case .list(let item, _), .pair(let item), .oneOrPair(let item), .oneOrList(let item), .byMonth(let item), .keyword(_, let item):
      collect(from: item, into: &definitions)
    case .listOrObject(let item, _, let object):
      collect(from: item, into: &definitions)
      collect(from: .object(object), into: &definitions)
    case .map(_, let values): collect(from: values, into: &definitions)
    default: break
    }
  }

  private static func object(_ shape: ObjectShape) -> [(String, JSONText)] {
    var result: [(String, JSONText)] = [
      ("description", .text(shape.documentation)), ("type", .text("object")), ("additionalProperties", .boolean(false)),
    ]
    let required = shape.fields.filter { $0.presence == .required }.map { JSONText.text($0.key) }
    if shape.field("include") != nil {
      // What is required may stand in an included file, which an editor does not read.
      result.append(("anyOf", .list([.object([("required", .list([.text("include")]))]), .object([("required", .list(required))])])))
    } else if !required.isEmpty {
      result.append(("required", .list(required)))
    }
    let properties = shape.fields.map { field -> (String, JSONText) in
      var keywords = schema(field.shape).filter { $0.0 != "description" }
      keywords.insert(("description", .text(describe(field))), at: 0)
      return (field.key, .object(keywords))
    }
    result.append(("properties", .object(properties)))
    return result
  }

  private static func describe(_ field: Field) -> String {
    var text = field.documentation.replacing("`", with: "")
    if field.shape.acceptsScalar { text += " Value: \(field.shape.expectation)." }
    if case .standard(let value) = field.presence, value != "{}" { text += " Default: \(value)." }
    return text
  }

  private static func schema(_ shape: Shape) -> [(String, JSONText)] {
    switch shape {
    case .text(let format):
      return [("type", .text("string"))] + (format.pattern.map { [("pattern", .text($0))] } ?? [])
    case .choice(let words):
      // An editor takes 1.1 for a number, this program for a word.
      return [("enum", .list(words.flatMap { word in [.text(word)] + (Double(word).map { [JSONText.number($0)] } ?? []) }))]
    case .boolean: return [("type", .text("boolean"))]
    case .integer(let range):
      let limits: [(String, JSONText)] = [("type", .text("integer")), ("minimum", .integer(range.lowerBound))]
      return range.upperBound == Int.max ? limits : limits + [("maximum", .integer(range.upperBound))]
    case .number(let measure): return number(measure)
    case .duration: return anyOf([[("const", .integer(0))], pattern(durationPattern)])
    case .durationRange: return anyOf([[("const", .integer(0))], pattern("^\(durationBody)(\\.\\.\(durationBody))?$")])
    case .share:
      return anyOf([[("type", .text("number")), ("minimum", .integer(0)), ("maximum", .integer(1))], pattern("^\(numberBody) ?%$")])
    case .rate: return anyOf([[("const", .integer(0))], pattern("^\(numberBody) ?/ ?(s|min|m|h)$")])
    case .sensorNumber: return anyOf([[("type", .text("number"))], pattern("^[-+]?\(numberBody) ?[^0-9 ]+.*$")])
    case .sensorRate: return anyOf([[("type", .text("number"))], pattern("^[-+]?\(numberBody) ?.*/ ?(year|a|month|d|day|h)$")])
    case .limit: return anyOf([[("type", .text("integer")), ("minimum", .integer(0))], pattern("^\(numberBody) ?%$")])
    case .timeOfDay: return pattern("^[0-9]{1,2}:[0-9]{2}(:[0-9]{2})?$")
    case .monthDay: return pattern("^[0-9]{2}-[0-9]{2}$")
    case .instant: return pattern("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{1,3})?Z$")
    case .secret, .list, .pair, .oneOrPair, .oneOrList, .listOrObject, .byMonth, .map, .object, .keyword: return composite(shape)
    }
  }

  private static func composite(_ shape: Shape) -> [(String, JSONText)] {
    switch shape {
    case .list(let item, let minimum):
      return [("type", .text("array")), ("minItems", .integer(minimum)), ("items", .object(schema(item)))]
    case .pair(let item):
      return [("type", .text("array")), ("minItems", .integer(2)), ("maxItems", .integer(2)), ("items", .object(schema(item)))]
    case .oneOrPair(let item): return anyOf([schema(item), composite(.pair(of: item))])
    case .oneOrList(let item): return anyOf([schema(item), composite(.list(of: item, atLeast: 1))])
    case .listOrObject(let item, let minimum, let object):
      return anyOf([composite(.list(of: item, atLeast: minimum)), composite(.object(object))])
    case .byMonth(let item):
      return anyOf([
        schema(item),
        [("type", .text("array")), ("minItems", .integer(12)), ("maxItems", .integer(12)), ("items", .object(schema(item)))],
      ])
    case .map(.choice(let words), let values):
      return [
        ("type", .text("object")), ("additionalProperties", .boolean(false)),
        ("properties", .object(words.map { ($0, .object(schema(values))) })),
      ]
    case .map(let keys, let values):
      return [("type", .text("object")), ("propertyNames", .object(schema(keys))), ("additionalProperties", .object(schema(values)))]
    case .object(let shape): return [("$ref", .text("#/$defs/\(key(of: shape))"))]
    case .keyword(let word, let other): return anyOf([[("const", .text(word))], schema(other)])
    default:
      let properties: [(String, JSONText)] = [
        ("env", .object(schema(.text(.environmentVariable)))), ("file", .object(schema(.text(.path)))),
      ]
      return [
        ("type", .text("object")), ("additionalProperties", .boolean(false)), ("minProperties", .integer(1)),
        ("maxProperties", .integer(1)), ("properties", .object(properties)),
      ]
    }
  }

  private static func number(_ measure: Measure) -> [(String, JSONText)] {
    let symbols = measure.dimension.units.map(\.symbol).joined(separator: "|")
    let limits: [(String, JSONText)] = [("minimum", .number(measure.range.lowerBound)), ("maximum", .number(measure.range.upperBound))]
    let bare = [("type", JSONText.text("number"))] + limits
    if symbols.isEmpty { return bare }
    return anyOf([measure.dimension.acceptsBareNumbers ? bare : [("const", .integer(0))], pattern("^[-+]?\(numberBody) ?(\(symbols))$")])
  }

  private static let numberBody = "[0-9]*\\.?[0-9]+([eE][-+]?[0-9]+)?"
  private static let durationBody = "(0|([0-9]*\\.?[0-9]+ ?(ms|s|min|m|h|d) ?)+)"
  private static let durationPattern = "^\(durationBody)$"

  private static func pattern(_ text: String) -> [(String, JSONText)] {
    [("type", .text("string")), ("pattern", .text(text))]
  }

  private static func anyOf(_ choices: [[(String, JSONText)]]) -> [(String, JSONText)] {
    [("anyOf", .list(choices.map(JSONText.object)))]
  }
}
