/// Checks of `pipeline` and `transport` that look at more than one value.
struct PipelineChecker {
  private(set) var errors: [SpecificationError] = []

  /// - Parameters:
  ///   - profiles: that the fleet uses.
  ///   - isWhole: whether no key was refused before.
  mutating func check(_ fleet: ObjectValue, profiles: [ProfileFinder.Found], isWhole: Bool) {
    if let pipeline = fleet["pipeline"]?.object {
      checkDeduplication(pipeline)
      if let store = pipeline["store"]?.object {
        var checker = StoreChecker(profiles: profiles, isWhole: isWhole)
        checker.check(store)
        errors += checker.errors
      }
    }
    if let mqtt = fleet["transport"]?.object?["mqtt"]?.object {
      checkTransport(mqtt)
      errors += MQTTOptionsChecker.check(mqtt)
    }
  }

  private mutating func report(_ place: Place, _ problem: String, expected: String? = nil, suggestion: String? = nil) {
    errors.append(SpecificationError(place, problem, expected: expected, suggestion: suggestion))
  }

  private mutating func checkDeduplication(_ pipeline: ObjectValue) {
    var seen: [String] = []
    for key in pipeline["dedup"]?.object?["keys"]?.list ?? [] {
      guard let text = key.text else { continue }
      if seen.contains(text) { report(key.place, "'keys' names '\(text)' twice", suggestion: "keep one of them") }
      seen.append(text)
    }
  }

  private mutating func checkTransport(_ mqtt: ObjectValue) {
    guard let url = mqtt["url"]?.text, let broker = try? BrokerURL(url), !broker.usesTLS else { return }
    for key in ["authority", "device_certificates", "server_name"] {
      guard let value = mqtt[key] else { continue }
      report(
        value.place, "'\(key)' stands next to a URL without TLS", expected: "it only with mqtts://",
        suggestion: "write 'mqtts://' in 'url' or remove it")
      return
    }
  }
}
