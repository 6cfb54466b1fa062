/// Prints checked values as YAML that reads back as the same values.
enum YAMLWriter {
  static func document(_ root: ObjectValue, comment: String) -> String {
    "# \(comment)\n" + block(root.entries, indent: 0)
  }

  private static func block(_ entries: [Value.Entry], indent: Int) -> String {
    entries.map { entry in
      "\(spaces(indent))\(quoted(entry.key)):" + after(entry.value, indent: indent)
    }.joined()
  }

  /// What follows a colon, to the end of the last line.
  private static func after(_ value: Value, indent: Int) -> String {
    switch value.content {
    case .object(let object) where !object.entries.isEmpty: return "\n" + block(object.entries, indent: indent + 2)
    case .map(let entries) where !entries.isEmpty: return "\n" + block(entries, indent: indent + 2)
    case .list(let values) where values.contains(where: { $0.object != nil }):
      let items = values.map { value -> String in
        let lines = block(value.object?.entries ?? [], indent: indent + 4)
        return "\(spaces(indent + 2))- " + lines.dropFirst(indent + 4)
      }
      return "\n" + items.joined()
    default: return " \(scalar(value))\n"
    }
  }

  private static func scalar(_ value: Value) -> String {
    switch value.content {
    case .text(let text): return quoted(text)
    case .keyword(let word): return word
    case .boolean(let flag): return flag ? "true" : "false"
    case .integer(let number): return String(number)
    case .number(let number, let dimension):
      let unit = dimension.units.first.map { dimension.acceptsBareNumbers ? "" : " \($0.symbol)" } ?? ""
      return Units.format(number) + unit
    case .sensorNumber(let number, let unit): return Units.format(number) + (unit.map { " \($0)" } ?? "")
    case .sensorRate(let number, let unit): return Units.format(number) + (unit.map { " \($0)/year" } ?? "")
    case .duration(let time): return Units.format(milliseconds: time)
    case .durationRange(let range): return "\(Units.format(milliseconds: range.lower))..\(Units.format(milliseconds: range.upper))"
    case .rate(let rate): return "\(Units.format(rate))/s"
    case .limit(.count(let count)): return String(count)
    case .limit(.share(let share)): return percent(share)
    case .timeOfDay(let time): return "\"\(Units.format(timeOfDay: time))\""
    case .monthDay(let day): return "\"\(Units.format(day))\""
    case .instant(let instant): return "\"\(Units.format(instant: instant))\""
    case .secret(.environment(let name)): return "{ env: \(quoted(name)) }"
    case .secret(.file(let path)): return "{ file: \(quoted(path)) }"
    case .list(let values): return "[\(values.map(scalar).joined(separator: ", "))]"
    case .map, .object: return "{}"
    case .invalid: return "null"
    }
  }

  /// The percentage that reads back as exactly this share, whatever the division by 100 rounds away.
  private static func percent(_ share: Double) -> String {
    let percent = share * 100
    let candidates = [percent, percent.nextUp, percent.nextDown].map { "\(Units.format($0)) %" }
    return candidates.first { (try? Units.share($0)) == share } ?? candidates[0]
  }

  /// A text as it is where that is safe for every YAML reader, otherwise in double quotes.
  private static func quoted(_ text: String) -> String {
    let isPlain =
      text.utf8.allSatisfy { byte in
        (byte >= 97 && byte <= 122) || (byte >= 65 && byte <= 90) || (byte >= 48 && byte <= 57) || byte == 95 || byte == 45 || byte == 46
      } && text.utf8.first.map { ($0 >= 97 && $0 <= 122) || ($0 >= 65 && $0 <= 90) } ?? false
    let reserved = ["null", "true", "false", "yes", "no", "on", "off", "y", "n"].contains(text.lowercased())
    if isPlain, !reserved { return text }
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }

  private static func spaces(_ count: Int) -> String {
    String(repeating: " ", count: count)
  }
}
