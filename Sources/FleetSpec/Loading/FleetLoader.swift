/// Loads fleet files and firmware profiles.
public enum FleetLoader {
  /// What a file turned out to be.
  public enum Kind: Sendable, Equatable {
    case fleet(Fleet)
    case profile(FirmwareProfile)
  }

  /// Loads a fleet file with everything that belongs to it.
  ///
  /// - Parameters:
  ///   - path: The fleet file.
  ///   - overrides: `path=value` each, as given to `--set`; they win over the overlay, which wins over the file.
  ///   - overlay: A YAML file whose mappings are laid over the fleet file's; its `pipeline.store` takes the place of the file's as a whole.
  ///   - profileFolders: Folders in which firmware profiles are looked for after `firmware-profiles` next to and above the fleet file.
  /// - Throws: All mistakes in the file, its includes and its profiles.
  public static func loadFleet(
    path: String, overrides: [String] = [], overlay: String? = nil, profileFolders: [String] = []
  ) throws(SpecificationErrors) -> LoadedFleet {
    var assembly = FleetAssembly(path: path, profileFolders: profileFolders)
    return try assembly.load(overrides: overrides, overlay: overlay)
  }

  /// Loads a firmware profile by itself.
  public static func loadProfile(path: String) throws(SpecificationErrors) -> FirmwareProfile {
    var file = ProfileFile(path: path)
    let object = file.load()
    guard file.errors.isEmpty, let object else { throw SpecificationErrors(file.errors) }
    return ProfileDecoder.decode(object, name: file.name)
  }

  /// Loads a file that is either a fleet or a firmware profile: a file with the key `profile` and without `fleet` is a profile.
  public static func load(path: String, profileFolders: [String] = []) throws(SpecificationErrors) -> Kind {
    var resolver = IncludeResolver()
    guard let node = resolver.load(path) else { throw SpecificationErrors(resolver.errors) }
    if node["fleet"] == nil, node["profile"] != nil || (node["sensors"] != nil && node["devices"] == nil) {
      return .profile(try loadProfile(path: path))
    }
    return .fleet(try loadFleet(path: path, profileFolders: profileFolders).fleet)
  }
}

/// A fleet and the text that reproduces it.
public struct LoadedFleet: Sendable {
  public let fleet: Fleet
  /// The fleet file's description for people, when it has one.
  public let description: String?
  let values: ObjectValue

  /// The fleet file with everything in it: profiles inline, includes, overlay and overrides applied, start and seed fixed, paths absolute.
  ///
  /// Loading it gives an equal `Fleet`. Secrets stand in it as references only.
  ///
  /// - Parameters:
  ///   - start: The instant at which the run begins.
  ///   - seed: At most 2^63 - 1, as in a fleet file.
  public func resolvedYAML(start: Milliseconds, seed: UInt64) -> String {
    var resolved = values
    let place = Place.whole("resolved")
    resolved["start"] = Value(content: .instant(start), place: place)
    resolved["seed"] = Value(content: .integer(Int(min(seed, UInt64(Int.max)))), place: place)
    return YAMLWriter.document(resolved, comment: "The resolved fleet file of a run: everything that it needs stands here.")
  }
}

/// The steps from a fleet file to a fleet.
private struct FleetAssembly {
  let path: String
  let profileFolders: [String]
  private var errors: [SpecificationError] = []

  init(path: String, profileFolders: [String]) {
    self.path = path
    self.profileFolders = profileFolders
  }

  mutating func load(overrides: [String], overlay: String?) throws(SpecificationErrors) -> LoadedFleet {
    let node = try source(overrides: overrides, overlay: overlay)
    var validator = Validator()
    let value = validator.validate(node, as: .object(FleetDescription.shape), "the fleet")
    errors += validator.errors
    guard var object = value.object else { throw SpecificationErrors(errors) }

    var sites = SiteExpander()
    sites.expand(object["sites"]?.list ?? [])
    errors += sites.errors
    let profiles = findProfiles(object)
    let indices = Dictionary(uniqueKeysWithValues: profiles.enumerated().map { ($1.name, $0) })
    let carriers = object["carriers"]?.map?.map(\.key) ?? []
    var devices = DeviceExpander(sites: sites.sites, carriers: carriers)
    devices.expand(object["devices"]?.list ?? [], profiles: indices, sitesAreComplete: sites.isComplete && object["sites"]?.list != nil)
    errors += devices.errors
    StoreChecker.complete(&object)
    var pipeline = PipelineChecker()
    pipeline.check(object, profiles: profiles, isWhole: errors.isEmpty)
    errors += pipeline.errors
    var transport = TransportChecker()
    transport.check(object)
    errors += transport.errors
    var load = LoadChecker()
    load.check(object)
    errors += load.errors
    var outages = OutageChecker()
    outages.check(object)
    errors += outages.errors
    guard errors.isEmpty else { throw SpecificationErrors(errors) }

    let fleet = FleetDecoder.decode(
      object, sites: sites.sites, groups: devices.groups, profiles: profiles.map { ProfileDecoder.decode($0.value, name: $0.name) })
    object["faults"] = nil
    object["payload"] = nil
    object["profiles"] = Value(
      content: .map(
        profiles.map {
          Value.Entry(key: $0.name, keyPlace: $0.value.place, value: Value(content: .object($0.value), place: $0.value.place))
        }),
      place: object.place)
    return LoadedFleet(fleet: fleet, description: object["description"]?.text, values: object)
  }

  private mutating func source(overrides: [String], overlay: String?) throws(SpecificationErrors) -> SourceNode {
    var resolver = IncludeResolver()
    guard var node = resolver.load(path) else { throw SpecificationErrors(resolver.errors) }
    if let overlay, let over = resolver.load(overlay) {
      // Another store has another table: nothing of the mapping fits it.
      if over["pipeline"]?["store"] != nil { node = node.removing("store", from: "pipeline") }
      // Another protocol is another transport; the same one keeps what the overlay does not say.
      for protocolName in TransportDescription.protocols where over["transport"] != nil && over["transport"]?[protocolName] == nil {
        node = node.removing(protocolName, from: "transport")
      }
      node = node.merged(under: over)
    }
    // What could not be read would show as missing keys; so the reading comes first.
    if !resolver.errors.isEmpty { throw SpecificationErrors(resolver.errors) }
    for text in overrides {
      do {
        node = try Override(text).applied(to: node)
      } catch {
        errors += error.errors
      }
    }
    return node
  }

  /// The profiles that groups use, in the order of their first use, with the fleet's faults laid over theirs.
  private mutating func findProfiles(_ fleet: ObjectValue) -> [ProfileFinder.Found] {
    guard let inline = fleet["profiles"]?.map else { return [] }
    for entry in inline {
      guard let object = entry.value.object else { continue }
      var checker = ProfileChecker()
      checker.check(object, name: entry.key, nameSource: "its key")
      errors += checker.errors
    }
    var finder = ProfileFinder(inline: inline, fleetFile: path, more: profileFolders)
    var seen: [String] = []
    var profiles: [ProfileFinder.Found] = []
    let groups = fleet["devices"]?.list?.compactMap(\.object) ?? []
    let wanted = groups.map { ($0["profile"], false) } + groups.compactMap { $0["gateway"]?.object }.map { ($0["profile"], true) }
    for (profile, isGateway) in wanted {
      guard let profile, let name = profile.text else { continue }
      if seen.contains(name) { continue }
      seen.append(name)
      guard var found = finder.find(name, at: profile.place) else { continue }
      if !isGateway, let sensors = found.value["sensors"], sensors.list?.isEmpty == true {
        errors.append(
          SpecificationError(
            sensors.place, "'sensors' is an empty list", expected: "at least 1 item", suggestion: "only a gateway may do without sensors"))
      }
      if let faults = fleet["faults"]?.object, var own = found.value["faults"]?.object {
        for entry in faults.entries { own[entry.key] = entry.value }
        found.value["faults"] = Value(content: .object(own), place: own.place)
      }
      if let payload = fleet["payload"], payload.object != nil { found.value["payload"] = payload }
      // What the fleet lays over a profile may not fit it.
      for error in PayloadChecker.check(found.value) where !errors.contains(error) { errors.append(error) }
      profiles.append(found)
    }
    errors += finder.errors
    errors += PayloadChecker.checkGateways(groups, profiles) + PayloadChecker.checkTransport(fleet, profiles)
    return profiles
  }
}
