/// Checks source nodes against shapes, collects every mistake and fills in defaults.
struct Validator {
  private(set) var errors: [SpecificationError] = []

  /// Checks a whole node.
  ///
  /// - Parameter subject: How messages call the value, for example `'interval'`.
  mutating func validate(_ node: SourceNode, as shape: Shape, _ subject: String) -> Value {
    if node.isEmpty {
      return fail(node.place, "\(subject) has no value", expected: shape.expectation)
    }
    switch shape {
    case .keyword(let word, let other):
      if case .scalar(let text, _) = node.content, text == word { return Value(content: .keyword(word), place: node.place) }
      if case .scalar(let text, _) = node.content, !other.acceptsScalar || Suggestion.nearest(text, among: [word]) != nil {
        return fail(
          node.place, "\(subject) is '\(text)'", expected: shape.expectation, suggestion: Suggestion.didYouMean(text, among: [word]))
      }
      if node.kind == SourceNode.scalarKind || other.acceptsCollection { return validate(node, as: other, subject) }
      return fail(node.place, "\(subject) is \(node.kind)", expected: shape.expectation)
    case .object(let object): return validateObject(node, object, subject)
    case .map(let keys, let values): return validateMap(node, shape, keys: keys, values: values, subject)
    case .list(let item, let minimum): return validateList(node, shape, item, minimum, subject)
    case .pair(let item): return validatePair(node, item, subject)
    case .oneOrPair(let item):
      if case .list = node.content { return validatePair(node, item, subject) }
      return validate(node, as: item, subject)
    case .oneOrList(let item):
      if case .list = node.content { return validateList(node, shape, item, 1, subject) }
      return validate(node, as: item, subject)
    case .listOrObject(let item, let minimum, let object):
      if node.entries != nil { return validateObject(node, object, subject) }
      return validateList(node, shape, item, minimum, subject)
    case .byMonth(let item):
      guard case .list(let items) = node.content else { return validate(node, as: item, subject) }
      guard items.count == 12 else {
        return fail(node.place, "\(subject) is a list of \(items.count) items", expected: shape.expectation)
      }
      return validateList(node, shape, item, 12, subject)
    case .secret: return validateSecret(node, subject)
    default:
      guard case .scalar(let text, _) = node.content else {
        return fail(node.place, "\(subject) is \(node.kind)", expected: shape.expectation)
      }
      return validateScalar(text, node.place, shape, subject, blockStart: node.blockStart)
    }
  }

  private mutating func fail(_ place: Place, _ problem: String, expected: String? = nil, suggestion: String? = nil) -> Value {
    errors.append(SpecificationError(place, problem, expected: expected, suggestion: suggestion))
    return Value(content: .invalid, place: place)
  }

  private mutating func validateScalar(_ text: String, _ place: Place, _ shape: Shape, _ subject: String, blockStart: Place? = nil) -> Value
  {
    do throws(FormatError) {
      return Value(content: try ScalarParser.parse(text, as: shape, at: place), place: place)
    } catch {
      if let position = error.position {
        // Of other texts than literal blocks it is not known how they stand in the file.
        var exact = blockStart ?? place
        if blockStart != nil {
          exact.line += position.line - 1
          exact.column += position.column - 1
        }
        return fail(exact, "\(subject) \(error.problem)", expected: error.expected, suggestion: error.suggestion)
      }
      let shown = error.isSecret ? "\(subject) is \(error.problem)" : "\(subject) is '\(text)', \(error.problem)"
      let problem = error.problem.isEmpty ? "\(subject) is '\(text)'" : shown
      return fail(place, problem, expected: error.expected, suggestion: error.suggestion)
    }
  }

  private mutating func validateList(
    _ node: SourceNode, _ shape: Shape, _ item: Shape, _ minimum: Int, _ subject: String
  ) -> Value {
    guard case .list(let items) = node.content else {
      return fail(node.place, "\(subject) is \(node.kind)", expected: shape.expectation)
    }
    if items.count < minimum {
      return fail(node.place, "\(subject) is an empty list", expected: "at least \(minimum) \(minimum == 1 ? "item" : "items")")
    }
    var values: [Value] = []
    for (index, node) in items.enumerated() { values.append(validate(node, as: item, "\(subject.dropLast())[\(index)]'")) }
    return Value(content: .list(values), place: node.place)
  }

  private mutating func validatePair(_ node: SourceNode, _ item: Shape, _ subject: String) -> Value {
    guard case .list(let items) = node.content, items.count == 2 else {
      let problem = if case .list(let items) = node.content { "a list of \(items.count) items" } else { node.kind }
      return fail(node.place, "\(subject) is \(problem)", expected: "two numbers [lower, upper], each \(item.expectation)")
    }
    let values = [validate(items[0], as: item, subject), validate(items[1], as: item, subject)]
    if let lower = values[0].number, let upper = values[1].number, lower > upper {
      return fail(node.place, "\(subject) ends before it begins", expected: "[lower, upper]", suggestion: "swap the two numbers")
    }
    return Value(content: .list(values), place: node.place)
  }

  private mutating func validateMap(
    _ node: SourceNode, _ shape: Shape, keys: Shape, values: Shape, _ subject: String
  ) -> Value {
    guard let entries = node.entries else {
      return fail(node.place, "\(subject) is \(node.kind)", expected: shape.expectation)
    }
    var result: [Value.Entry] = []
    for entry in entries {
      if entry.value.isNull {
        // Where the author chooses the keys, a condition that was meant must not vanish without a word.
        if case .text(.columnReference) = keys {
          _ = fail(entry.value.place, "'\(entry.key)' of \(subject) is null", expected: values.expectation)
        }
        continue
      }
      let before = errors.count
      if case .choice(let words) = keys, !words.contains(entry.key) {
        _ = unknown(entry, among: words, subject)
      } else {
        _ = validateScalar(entry.key, entry.keyPlace, keys, "the key '\(entry.key)' of \(subject)")
      }
      guard errors.count == before else { continue }
      let value = validate(entry.value, as: values, "'\(entry.key)'")
      result.append(Value.Entry(key: entry.key, keyPlace: entry.keyPlace, value: value))
    }
    return Value(content: .map(result), place: node.place)
  }

  private mutating func validateSecret(_ node: SourceNode, _ subject: String) -> Value {
    guard let entries = node.entries else {
      return fail(
        node.place, "\(subject) stands in the file itself", expected: "secrets outside of the file",
        suggestion: "write {env: NAME} for an environment variable or {file: PATH} for a file")
    }
    guard entries.count == 1, let entry = entries.first else {
      return fail(node.place, "\(subject) has \(entries.count) keys", expected: "exactly one of {env: NAME} and {file: PATH}")
    }
    let format: TextFormat = entry.key == "env" ? .environmentVariable : .path
    guard entry.key == "env" || entry.key == "file" else { return unknown(entry, among: ["env", "file"], subject) }
    guard let text = validate(entry.value, as: .text(format), "'\(entry.key)'").text else {
      return Value(content: .invalid, place: node.place)
    }
    return Value(content: .secret(entry.key == "env" ? .environment(text) : .file(text)), place: node.place)
  }

  private mutating func unknown(_ entry: SourceNode.Entry, among keys: [String], _ subject: String) -> Value {
    fail(
      entry.keyPlace, "unknown key '\(entry.key)' in \(subject)", expected: "one of \(keys.joined(separator: ", "))",
      suggestion: Suggestion.didYouMean(entry.key, among: keys))
  }

  private mutating func validateObject(_ node: SourceNode, _ shape: ObjectShape, _ subject: String) -> Value {
    guard let entries = node.entries else {
      return fail(node.place, "\(subject) is \(node.kind)", expected: Shape.object(shape).expectation)
    }
    var misspelt: [String] = []
    let missing = shape.fields.map(\.key).filter { node[$0] == nil }
    for entry in entries where shape.field(entry.key) == nil {
      _ = unknown(entry, among: shape.fields.map(\.key), subject)
      if let meant = Suggestion.nearest(entry.key, among: missing) { misspelt.append(meant) }
    }
    var result = ObjectValue(place: node.place, entries: [])
    for field in shape.fields {
      let entry = entries.first { $0.key == field.key }
      if let entry, !entry.value.isNull {
        let value = validate(entry.value, as: field.shape, "'\(field.key)'")
        result.entries.append(Value.Entry(key: field.key, keyPlace: entry.keyPlace, value: value))
        continue
      }
      switch field.presence {
      case .required:
        // A misspelt key was reported already; that it is missing under its right name is the same mistake.
        if misspelt.contains(field.key) { continue }
        _ = fail(node.place, "missing key '\(field.key)' in \(subject)", expected: field.shape.expectation)
      case .optional: continue
      case .standard(let text):
        result.entries.append(Value.Entry(key: field.key, keyPlace: node.place, value: standard(field, text, node.place)))
      }
    }
    return Value(content: .object(result), place: node.place)
  }

  private mutating func standard(_ field: Field, _ text: String, _ place: Place) -> Value {
    var reader = YAMLReader(file: place.file, fixedPlace: place)
    guard let node = reader.read(text) else {
      // A default is part of the program, and a test reads every one of them.
      preconditionFailure("the default of '\(field.key)' is not YAML: \(text)")
    }
    return validate(node, as: field.shape, "the default of '\(field.key)'")
  }
}
