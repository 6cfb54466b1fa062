import Testing

@testable import FleetSpec

/// Includes, overrides, overlays, anchors and the search for profiles.
@Suite struct CompositionTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  private func message(_ work: () throws -> Void) -> String {
    do {
      try work()
      return "no error"
    } catch {
      return "\(error)".replacing("\(folder.path)/", with: "")
    }
  }

  @Test func includingFileWins() throws {
    try folder.write("parts/base.yaml", "include: [more.yaml]\nseed: 7\ndrain: 1s\npipeline: { settling: 9s, delivery: exactly-once }")
    try folder.write("parts/more.yaml", "sun_date: 01-02\nseed: 8\ndescription: from more")
    let path = try folder.write(
      "x.yaml", SmallFleet.yaml("include: [parts/base.yaml]\ndrain: 2s\npipeline: { settling: 3s }\ndescription: null"))
    let loaded = try FleetLoader.loadFleet(path: path)
    let fleet = loaded.fleet
    #expect(fleet.seed == 7 && fleet.drain == 2000 && fleet.sunDate == MonthDay(month: 1, day: 2))
    #expect(fleet.pipeline.settling == 3000 && fleet.pipeline.delivery == .exactlyOnce)
    #expect(loaded.description == nil, "null takes an included key away")
  }

  @Test func mistakesAreFoundInTheIncludedFile() throws {
    try folder.write("base.yaml", "\n\nseed: many")
    let path = try folder.write("x.yaml", SmallFleet.yaml("include: [base.yaml]"))
    #expect(message { _ = try FleetLoader.loadFleet(path: path) }.hasPrefix("base.yaml:3:7: error: 'seed' is 'many', not a whole number"))
  }

  @Test func includeCyclesAreAnError() throws {
    try folder.write("a.yaml", "include: [b.yaml]")
    try folder.write("b.yaml", "include: [a.yaml]")
    let path = try folder.write("x.yaml", SmallFleet.yaml("include: [a.yaml]"))
    #expect(
      message { _ = try FleetLoader.loadFleet(path: path) }
        == "b.yaml:1:11: error: 'a.yaml' includes itself: x.yaml -> a.yaml -> b.yaml -> a.yaml; remove one of these includes")
  }

  @Test func overridesReachEveryValue() throws {
    let path = try folder.write("x.yaml", SmallFleet.yaml())
    let fleet = try FleetLoader.loadFleet(
      path: path,
      overrides: [
        "pipeline.settling=1500ms", "devices[0].count=5", "seed=9", "profiles.simple.interval=2s", "thresholds={lost: 1 %}",
        "pipeline.store.url=postgresql:///db", "sites[0].latitude=-3",
      ]
    ).fleet
    #expect(fleet.pipeline.settling == 1500 && fleet.deviceCount == 5 && fleet.seed == 9 && fleet.profiles[0].interval == 2000)
    #expect(fleet.thresholds.first == Threshold(verdict: "lost", limit: .share(0.01)))
    #expect(fleet.pipeline.store?.url == "postgresql:///db" && fleet.sites[0].latitude == -3)
  }

  @Test(arguments: [
    ("seed", "--set seed: error: cannot be read as an override; expected a path and a value"),
    ("seed=", "--set seed=: error: has no value after '='"),
    ("a..b=1", "--set a..b=1: error: cannot be read as an override"),
    ("devices[7].count=1", "--set devices[7].count=1: error: 'devices' has 1 items and none with the number 7; expected 0...0"),
    ("fleet.name=x", "--set fleet.name=x: error: 'fleet' is a single value and has no key 'name'"),
    ("seeed=1", "--set seeed=1: error: unknown key 'seeed' in the fleet; expected one of"),
    ("drain=5", "--set drain=5: error: 'drain' is '5', a number without a unit"),
    ("transport.mqtt={url: 'mqtt://h', password: hunter2}", "--set transport.mqtt=...: error: 'password' stands in the file itself"),
    ("transport={mqtt: {url: 'mqtt://u:hunter2@h'}}", "--set transport=...: error: 'url' is a URL with a password in it"),
  ])
  func wrongOverridesAreExplained(override: String, expected: String) throws {
    let path = try folder.write("x.yaml", SmallFleet.yaml())
    let text = message { _ = try FleetLoader.loadFleet(path: path, overrides: [override]) }
    #expect(text.hasPrefix(expected), "\(text)")
    #expect(text.split(separator: "\n").count == 1)
  }

  @Test func overlayIsLaidOverTheFleet() throws {
    let yaml = SmallFleet.yaml("transport: { mqtt: { url: mqtts://a, user: u, password: { env: SECRET } } }\npipeline: { settling: 9s }")
    let path = try folder.write("x.yaml", yaml)
    let overlay = try folder.write(
      "lab/overlay.yaml",
      "transport: { mqtt: { url: mqtts://b:1, authority: ca.crt, password: { file: secret }, user: null } }\npipeline: { delivery: exactly-once }"
    )
    let fleet = try FleetLoader.loadFleet(path: path, overrides: ["pipeline.settling=1s"], overlay: overlay).fleet
    guard case .mqtt(let mqtt)? = fleet.transport else { throw SpecificationErrors([]) }
    #expect(mqtt.host == "b" && mqtt.port == 1 && mqtt.user == nil)
    #expect(mqtt.tls?.authorityFile == "\(folder.path)/lab/ca.crt", "relative to the overlay")
    #expect(mqtt.password == .file("\(folder.path)/lab/secret"), "a secret reference is replaced as a whole")
    #expect(fleet.pipeline.settling == 1000 && fleet.pipeline.delivery == .exactlyOnce)
  }

  @Test func anchorsAndMergeKeysWork() throws {
    let path = try folder.write(
      "x.yaml",
      SmallFleet.yaml("site_outages:\n  network: &cut { every: 1h, length: 5s }\n  power: { <<: *cut, length: 9s }"))
    let fleet = try FleetLoader.loadFleet(path: path).fleet
    #expect(fleet.siteNetworkOutages == Outages(every: 3_600_000, length: 5000, spread: 0.5))
    #expect(fleet.sitePowerOutages == Outages(every: 3_600_000, length: 9000, spread: 0.5))
  }

  @Test func profilesAreFoundInFoldersInOrder() throws {
    let yaml = SmallFleet.yaml().components(before: "profiles:")
    let path = try folder.write("fleets/x.yaml", yaml)
    try folder.write("other/simple.yaml", "profile: simple\nfirmware: other\n\(SmallFleet.profile)")
    let other = "\(folder.path)/other"
    #expect(try FleetLoader.loadFleet(path: path, profileFolders: [other]).fleet.profiles[0].firmware == "other")
    try folder.write("firmware-profiles/simple.yaml", "profile: simple\nfirmware: above\n\(SmallFleet.profile)")
    #expect(try FleetLoader.loadFleet(path: path, profileFolders: [other]).fleet.profiles[0].firmware == "above")
    try folder.write("fleets/firmware-profiles/simple.yaml", "profile: simple\nfirmware: beside\n\(SmallFleet.profile)")
    #expect(try FleetLoader.loadFleet(path: path, profileFolders: [other]).fleet.profiles[0].firmware == "beside")
  }

  @Test func inlineProfileMayIncludeAFile() throws {
    try folder.write("p/base.yaml", "profile: base\nfirmware: \"9\"\n\(SmallFleet.profile)")
    let yaml = SmallFleet.yaml().components(before: "profiles:") + "profiles: { simple: { include: [p/base.yaml], interval: 3s } }"
    let profile = try FleetLoader.loadFleet(path: try folder.write("x.yaml", yaml)).fleet.profiles[0]
    #expect(profile.name == "simple" && profile.firmware == "9" && profile.interval == 3000)
  }

  @Test func threeEqualKeysAreTwoErrors() throws {
    let path = try folder.write("x.yaml", SmallFleet.yaml("seed: 1\nseed: 2\n\"seed\": 3"))
    #expect(
      message { _ = try FleetLoader.loadFleet(path: path) }
        == """
        x.yaml:13:1: error: duplicate key 'seed', which already stands at \(folder.path)/x.yaml:12:1; keep one of them
        x.yaml:14:1: error: duplicate key 'seed', which already stands at \(folder.path)/x.yaml:12:1; keep one of them
        """.replacing("\(folder.path)/", with: ""))
  }

  @Test func editDistance() {
    #expect(Suggestion.nearest("intervall", among: ["include", "interval"]) == "interval")
    #expect(Suggestion.nearest("kye", among: ["key"]) == "key", "a swap is one edit")
    #expect(Suggestion.nearest("drop_oldest", among: ["drop-newest", "drop-oldest"]) == "drop-oldest")
    #expect(Suggestion.nearest("banana", among: ["interval", "seed"]) == nil)
  }
}

extension String {
  /// Everything before a line.
  fileprivate func components(before line: String) -> String {
    firstRange(of: line).map { String(self[..<$0.lowerBound]) } ?? self
  }
}
