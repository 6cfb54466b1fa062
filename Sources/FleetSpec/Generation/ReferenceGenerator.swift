/// The reference of the file formats as Markdown, made from their description.
public enum ReferenceGenerator {
  /// The text of `docs/fleet-reference.md`.
  public static func fleetReference() -> String {
    var text = introduction
    var seen: [String] = []
    for root in [FleetDescription.shape, ProfileDescription.file] {
      section(root, level: 2, &text, &seen)
    }
    return text + quantities()
  }

  private static let introduction = """
    # Fleet files and firmware profiles

    Generated from the model in `Sources/FleetSpec/Description`; do not edit by hand.
    `schemas/fleet.schema.json` and `schemas/firmware-profile.schema.json` let editors complete and check both kinds of file.

    How values are written:

    | kind | examples |
    |---|---|
    | duration | `250ms`, `90s`, `15m`, `1h 30m`, `2d`, `0` |
    | range of durations | `5s..30s` |
    | share | `5 %`, `0.05` |
    | rate | `20/s`, `300/min`, `5000/h` |
    | number with a unit | `2 kW`, `230 V`, `-0.35 %/K`, `20 ppm` |
    | instant | `2026-06-21T10:00:00Z` |
    | secret | `{env: NAME}` for an environment variable, `{file: PATH}` for the first line of a file |

    Paths are relative to the file in which they stand. A key set to `null` counts as not set. On the command line
    `--set pipeline.settling=3s` or `--set devices[0].count=10` replaces a single value.


    """

  private static func section(_ shape: ObjectShape, level: Int, _ text: inout String, _ seen: inout [String]) {
    guard !seen.contains(shape.name) else { return }
    seen.append(shape.name)
    let heading = shape.name == ProfileDescription.inline.name ? "\(shape.name) (inline)" : shape.name
    text += "\(String(repeating: "#", count: level)) \(heading)\n\n\(shape.documentation)\n\n"
    if shape.name == ProfileDescription.inline.name {
      text += "The keys are those of a [firmware profile](#firmware-profile); `profile` may be left out.\n\n"
      return
    }
    text += "| key | value | default | meaning |\n|---|---|---|---|\n"
    for field in shape.fields {
      text += "| `\(field.key)` | \(cell(value(field.shape))) | \(cell(standard(field))) | \(cell(field.documentation)) |\n"
    }
    text += "\n"
    for object in shape.fields.flatMap({ objects($0.shape) }) { section(object, level: 3, &text, &seen) }
  }

  private static func cell(_ text: String) -> String {
    text.replacing("|", with: "\\|")
  }

  private static func standard(_ field: Field) -> String {
    switch field.presence {
    case .required: "required"
    case .optional: "-"
    case .standard("{}"): if case .map = field.shape { "none" } else { "its defaults" }
    case .standard(let text): "`\(text)`"
    }
  }

  private static func value(_ shape: Shape) -> String {
    switch shape {
    case .object(let object): link(object)
    case .list(.object(let object), _): "list of \(link(object))"
    case .list(.choice(let words), _): "list of \(words.joined(separator: ", "))"
    case .list(let item, _): "list, each \(value(item))"
    case .map(_, .object(let object)): "names, each with \(link(object))"
    case .map(.choice(let words), let values): "mapping from \(words.joined(separator: ", ")) to \(value(values))"
    case .map(_, let values): "mapping to \(value(values))"
    case .keyword(let word, let other): "`\(word)` or \(value(other))"
    case .listOrObject(let item, let minimum, let object): "\(value(.list(of: item, atLeast: minimum))), or \(link(object))"
    case .choice(Quantity.allCases.map(\.rawValue)): "a [quantity](#quantities)"
    default: shape.expectation
    }
  }

  private static func link(_ object: ObjectShape) -> String {
    let name = object.name == ProfileDescription.inline.name ? ProfileDescription.file.name : object.name
    let anchor = name.lowercased().filter { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "-" || $0 == " " }.replacing(" ", with: "-")
    return "[\(name)](#\(anchor))"
  }

  private static func objects(_ shape: Shape) -> [ObjectShape] {
    switch shape {
    case .object(let object): [object]
    case .list(let item, _), .keyword(_, let item), .map(_, let item): objects(item)
    case .listOrObject(let item, _, let object): objects(item) + [object]
    default: []
    }
  }

  private static func quantities() -> String {
    var text = "## Quantities\n\nWhat a sensor can measure, and in which units; the first one is the default.\n\n"
    text += "| quantity | meaning | units | type | needs a plant |\n|---|---|---|---|---|\n"
    for quantity in Quantity.allCases {
      let units = quantity.wireUnits.map { "`\($0)`" }.joined(separator: ", ")
      let plant = quantity.needsPlant ? "yes" : "no"
      text += "| `\(quantity.rawValue)` | \(quantity.documentation) | \(units) | \(quantity.standardType.rawValue) | \(plant) |\n"
    }
    return text
  }
}
