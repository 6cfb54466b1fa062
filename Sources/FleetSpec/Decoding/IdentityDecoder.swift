/// Makes the model of who speaks for whom from values that were checked by themselves.
extension DeviceExpander {
  static func doubles(of group: ObjectValue) -> Doubles {
    Doubles(
      clones: group["clones"]?.number ?? 0,
      cloneClientID: group["clone_client_id"]?.text.flatMap(Doubles.ClientID.init(rawValue:)) ?? .same,
      secondLinks: group["second_link"]?.number ?? 0)
  }

  /// The gateways of a group; nil when it has none, or one that an error was reported of.
  /// - Parameters:
  ///   - count: how many devices the group has.
  ///   - indices: of the group's sites.
  mutating func gateway(of group: ObjectValue, count: Int, _ indices: [Int], profiles: [String: Int]) -> GatewayGroup? {
    guard let object = group["gateway"]?.object, let id = object["id"], let pattern = id.text,
      let pieces = try? Template.pieces(pattern, ["n", "site"], .identifierPattern(["n", "site"])), let each = object["devices"]?.integer
    else { return nil }
    var ids: [String] = []
    for (rank, site) in indices.enumerated() {
      for _ in 0..<GatewayGroup.count(devices: count, each: each, rank: rank, sites: indices.count) {
        let name = Template.expand(pieces, number: ids.count + 1, site: sites[site].id)
        if ids.last == name {
          errors.append(
            SpecificationError(
              id.place, "the id '\(pattern)' would be the same for several gateways", expected: "the placeholder {n} in the id",
              suggestion: "write \"\(pattern)-{n}\""))
          return nil
        }
        guard claim(name, id.place) else { return nil }
        ids.append(name)
      }
    }
    return GatewayGroup(
      profile: object["profile"]?.text.flatMap { profiles[$0] } ?? 0, devices: each, ids: ids, radioLoss: object["radio_loss"]?.number ?? 0)
  }
}
