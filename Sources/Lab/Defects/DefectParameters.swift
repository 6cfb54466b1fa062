import Foundation

/// The parameters of one defect, checked, with defaults filled in.
struct DefectParameters: Sendable {
  private var numbers: [String: Double] = [:]
  private var choices: [String: String] = [:]
  /// Differs from defect to defect and from seed to seed.
  let salt: UInt64

  func number(_ name: String) -> Double { numbers[name] ?? 0 }
  func milliseconds(_ name: String) -> Int64 { Int64(number(name)) }
  func choice(_ name: String) -> String { choices[name] ?? "" }

  /// - Parameter text: what stands behind the defect's name and colon; empty for defaults.
  init(_ description: DefectDescription, _ text: Substring, seed: UInt64, spec: String) throws {
    var hash = mix(seed)
    for byte in description.name.utf8 { hash = mix(hash ^ UInt64(byte)) }
    salt = hash
    var given: [String: String] = [:]
    for part in text.isEmpty ? [] : text.split(separator: ",", omittingEmptySubsequences: false) {
      let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard pair.count == 2, !pair[1].isEmpty else {
        throw LabError("defect '\(spec)': '\(part)' is not of the form key=value; \(description.usage)")
      }
      let name = String(pair[0])
      guard description.parameters.contains(where: { $0.name == name }) else {
        let known = description.parameters.map(\.name)
        throw LabError("defect '\(spec)': unknown parameter '\(name)'\(suggestion(name, known)); \(description.usage)")
      }
      guard given.updateValue(String(pair[1]), forKey: name) == nil else {
        throw LabError("defect '\(spec)': parameter '\(name)' is given twice")
      }
    }
    for parameter in description.parameters { try read(parameter, given[parameter.name] ?? parameter.standard, spec) }
  }

  private mutating func read(_ parameter: DefectDescription.Parameter, _ text: String, _ spec: String) throws {
    func refuse(_ expected: String) -> LabError {
      LabError("defect '\(spec)': '\(text)' is no \(parameter.name): expected \(expected)")
    }
    switch parameter.kind {
    case .share:
      let percent = text.hasSuffix("%")
      guard let number = Double(percent ? String(text.dropLast()) : text), (0...(percent ? 100 : 1)).contains(number) else {
        throw refuse("a share from 0 to 1, for example 1% or 0.01")
      }
      numbers[parameter.name] = percent ? number / 100 : number
    case .duration(let signed):
      guard let duration = Self.duration(text), signed ? duration != 0 : duration > 0 else {
        throw refuse("a duration with its unit, for example 500ms, 5s, 1m or 1h")
      }
      numbers[parameter.name] = duration
    case .count:
      guard let count = Int(text), (1...1_000_000_000).contains(count) else { throw refuse("a whole number of at least 1") }
      numbers[parameter.name] = Double(count)
    case .factor:
      guard let factor = Double(text), factor.isFinite, factor != 0, factor != 1 else { throw refuse("a factor other than 0 and 1") }
      numbers[parameter.name] = factor
    case .choice(let known):
      guard known.contains(text) else { throw refuse("one of \(known.joined(separator: ", "))\(suggestion(text, known))") }
      choices[parameter.name] = text
    case .text: choices[parameter.name] = text
    }
  }

  private static func duration(_ text: String) -> Double? {
    let units: [(String, Double)] = [("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000)]
    guard let split = text.firstIndex(where: \.isLetter), let unit = units.first(where: { $0.0 == text[split...] }) else { return nil }
    guard let number = Double(text[..<split]), number.isFinite else { return nil }
    let milliseconds = (number * unit.1).rounded()
    return abs(milliseconds) <= 36_500 * 86_400_000 ? milliseconds : nil
  }
}

extension DefectDescription {
  /// The specification with every parameter at its default.
  var example: String {
    parameters.isEmpty ? name : name + ":" + parameters.map { "\($0.name)=\($0.standard)" }.joined(separator: ",")
  }
  var usage: String { "expected for example \(example)" }
}

/// `; did you mean 'x'?` for the nearest known word, or nothing when none is near.
func suggestion(_ word: String, _ known: [String]) -> String {
  let ranked = known.map { ($0, editDistance(Array(word.utf8), Array($0.utf8))) }
  guard let best = ranked.min(by: { $0.1 < $1.1 }), best.1 <= max(2, best.0.utf8.count / 3) else { return "" }
  return ", did you mean '\(best.0)'?"
}

private func editDistance(_ a: [UInt8], _ b: [UInt8]) -> Int {
  var previous = Array(0...b.count)
  for (row, left) in a.enumerated() {
    var current = [row + 1]
    for (column, right) in b.enumerated() {
      current.append(min(previous[column] + (left == right ? 0 : 1), previous[column + 1] + 1, current[column] + 1))
    }
    previous = current
  }
  return previous[b.count]
}
