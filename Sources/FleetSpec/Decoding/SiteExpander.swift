/// Makes the sites of a fleet from single ones and patterns.
struct SiteExpander {
  private(set) var errors: [SpecificationError] = []
  private(set) var sites: [Site] = []
  /// Whether every item of the list could be expanded; only then can a site be called unknown.
  private(set) var isComplete = true
  private var places: [String: Place] = [:]

  mutating func expand(_ values: [Value]) {
    for value in values {
      guard let object = value.object, let id = object["id"], let pattern = id.text,
        let pieces = try? Template.pieces(pattern, ["n"], .identifierPattern(["n"]))
      else {
        isComplete = false
        continue
      }
      let count = object["count"]
      let isPattern = count != nil
      if !isPattern, !checkSingle(object, pieces) {
        isComplete = false
        continue
      }
      guard let number = isPattern ? count?.integer : 1 else {
        isComplete = false
        continue
      }
      if number > 1, !pieces.contains(where: { $0 != .literal(pattern) }) {
        report(
          id.place, "the id '\(pattern)' would be the same for all \(number) sites", expected: "the placeholder {n} in the id",
          suggestion: "write \"\(pattern)-{n}\"")
        isComplete = false
        continue
      }
      for ordinal in 1...number { add(object, id: Template.expand(pieces, number: ordinal, site: ""), ordinal, id.place) }
    }
  }

  private mutating func report(_ place: Place, _ problem: String, expected: String? = nil, suggestion: String? = nil) {
    errors.append(SpecificationError(place, problem, expected: expected, suggestion: suggestion))
  }

  private mutating func checkSingle(_ object: ObjectValue, _ pieces: [Template.Piece]) -> Bool {
    for key in ["latitude", "longitude", "altitude", "cloudiness"] {
      guard let value = object[key], value.list != nil else { continue }
      report(
        value.place, "'\(key)' is a list in a site without 'count'", expected: "one number",
        suggestion: "a list [lower, upper] spreads the sites of a pattern; add 'count'")
      return false
    }
    return true
  }

  private mutating func add(_ object: ObjectValue, id: String, _ ordinal: Int, _ place: Place) {
    if let first = places[id] {
      report(place, "duplicate site id '\(id)', which already stands at \(first)", expected: "ids that are unique within the fleet")
      return
    }
    places[id] = place
    // The R2 sequence: M. Roberts, "The Unreasonable Effectiveness of Quasirandom Sequences", 2018; its two constants are the inverse
    // plastic number and its square. The other two coordinates use the golden ratio and the square root of 2.
    let plastic = 1.324_717_957_244_746
    let steps = [1 / plastic, 1 / (plastic * plastic), 0.618_033_988_749_894_9, 0.414_213_562_373_095_1]
    var numbers: [Double] = []
    for (key, step) in zip(["latitude", "longitude", "altitude", "cloudiness"], steps) {
      guard let value = object[key] else {
        isComplete = false
        return
      }
      if let number = value.number {
        numbers.append(number)
      } else if let pair = value.list, pair.count == 2, let lower = pair[0].number, let upper = pair[1].number {
        let position = 0.5 + Double(ordinal) * step
        let spread = lower + (upper - lower) * (position - position.rounded(.down))
        numbers.append((spread * 10_000).rounded() / 10_000)
      } else {
        // An id exists although a number is invalid: devices may refer to it.
        numbers.append(0)
      }
    }
    let zone = object["time_zone"]?.text.flatMap { TimeZones.rules(named: $0) } ?? TimeZones.rules(longitude: numbers[1])
    sites.append(
      Site(
        id: id, latitude: numbers[0], longitude: numbers[1], altitude: numbers[2], cloudiness: numbers[3], timeZone: zone,
        linkeTurbidity: Self.months(object["linke_turbidity"]), albedo: object["albedo"]?.number ?? 0.2,
        extent: object["extent"]?.number ?? 500))
  }

  /// Twelve numbers, or none when the file says nothing.
  private static func months(_ value: Value?) -> [Double] {
    if let number = value?.number { return [Double](repeating: number, count: 12) }
    return value?.list?.compactMap(\.number) ?? []
  }
}
