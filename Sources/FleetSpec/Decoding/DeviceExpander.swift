/// Makes the groups of devices of a fleet.
struct DeviceExpander {
  var errors: [SpecificationError] = []
  private(set) var groups: [DeviceGroup] = []
  let sites: [Site]
  private let siteIndices: [String: Int]
  private var owners: [String: Place] = [:]

  private let carriers: [String]

  init(sites: [Site], carriers: [String]) {
    self.carriers = carriers
    self.sites = sites
    siteIndices = Dictionary(sites.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// - Parameters:
  ///   - profiles: Index of each profile by name; a group whose profile is missing here gets index 0 and was reported already.
  ///   - sitesAreComplete: Whether all sites are known, so that any other one is a mistake.
  mutating func expand(_ values: [Value], profiles: [String: Int], sitesAreComplete: Bool) {
    for value in values {
      guard let object = value.object else { continue }
      let indices = siteIndices(of: object, complete: sitesAreComplete)
      guard let count = object["count"]?.integer, let id = object["id"], let pattern = id.text,
        let pieces = try? Template.pieces(pattern, ["n", "site"], .identifierPattern(["n", "site"])), let indices, !indices.isEmpty
      else { continue }
      guard let deviceIDs = deviceIDs(pieces, pattern, count, indices, id.place) else { continue }
      let profile = object["profile"]?.text.flatMap { profiles[$0] } ?? 0
      groups.append(
        DeviceGroup(
          profile: profile, count: count, sites: indices, deviceIDs: deviceIDs,
          gateway: gateway(of: object, count: count, indices, profiles: profiles), doubles: Self.doubles(of: object),
          carrier: carrier(of: object)))
    }
  }

  private mutating func carrier(of group: ObjectValue) -> Int? {
    guard let wanted = group["carrier"], let name = wanted.text else { return nil }
    if let index = carriers.firstIndex(of: name) { return index }
    errors.append(
      SpecificationError(
        wanted.place, "there is no carrier '\(name)'",
        expected: carriers.isEmpty ? "a fleet with 'carriers'" : "one of \(carriers.joined(separator: ", "))",
        suggestion: Suggestion.didYouMean(name, among: carriers)))
    return nil
  }

  private mutating func siteIndices(of group: ObjectValue, complete: Bool) -> [Int]? {
    guard let wanted = group["sites"] else { return complete ? Array(sites.indices) : nil }
    guard let list = wanted.list else { return nil }
    var result: [Int] = []
    for value in list {
      guard let id = value.text else { return nil }
      if let index = siteIndices[id] {
        if result.contains(index) {
          errors.append(SpecificationError(value.place, "'sites' names '\(id)' twice", suggestion: "keep one of them"))
          return nil
        }
        result.append(index)
      } else {
        guard complete else { return nil }
        let shown = sites.prefix(5).map(\.id).joined(separator: ", ") + (sites.count > 5 ? ", ..." : "")
        errors.append(
          SpecificationError(
            value.place, "there is no site '\(id)'", expected: "one of the fleet's sites: \(shown)",
            suggestion: Suggestion.didYouMean(id, among: sites.map(\.id))))
        return nil
      }
    }
    return result
  }

  private mutating func deviceIDs(
    _ pieces: [Template.Piece], _ pattern: String, _ count: Int, _ indices: [Int], _ place: Place
  ) -> [String]? {
    let hasNumber = pieces.contains { if case .placeholder("n", _) = $0 { true } else { false } }
    let hasSite = pieces.contains { if case .placeholder("site", _) = $0 { true } else { false } }
    if !hasNumber, count > (hasSite ? indices.count : 1) {
      errors.append(
        SpecificationError(
          place, "the id '\(pattern)' would be the same for several of the \(count) devices", expected: "the placeholder {n} in the id",
          suggestion: "write \"\(pattern)-\(count < 10 ? "{n}" : "{n:\(String(count).count)}")\""))
      return nil
    }
    var result: [String] = []
    result.reserveCapacity(count)
    for index in 0..<count {
      let id = Template.expand(pieces, number: index + 1, site: sites[indices[index % indices.count]].id)
      guard claim(id, place) else { return nil }
      result.append(id)
    }
    return result
  }

  /// Takes an identifier for a device; false when another one has it already, which is reported.
  mutating func claim(_ id: String, _ place: Place) -> Bool {
    if let first = owners[id] {
      errors.append(
        SpecificationError(
          place, "duplicate device id '\(id)', which the group at \(first) already has", expected: "ids that are unique within the fleet",
          suggestion: "give each group a prefix of its own"))
      return false
    }
    owners[id] = place
    return true
  }
}
