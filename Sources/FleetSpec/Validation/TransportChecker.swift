/// Checks of `transport` that look at more than one value.
struct TransportChecker {
  private(set) var errors: [SpecificationError] = []

  mutating func check(_ fleet: ObjectValue) {
    guard let value = fleet["transport"], let transport = value.object else { return }
    let given = TransportDescription.protocols.filter { transport[$0] != nil }
    guard given.count == 1 else {
      let names = TransportDescription.protocols.map { "'\($0)'" }.joined(separator: ", ")
      let problem =
        given.isEmpty ? "'transport' names no protocol" : "'transport' names \(given.count) protocols: \(given.joined(separator: ", "))"
      report(value.place, problem, expected: "one of \(names)", suggestion: given.isEmpty ? nil : "keep one of them")
      return
    }
    if let kafka = transport["kafka"]?.object {
      var checker = KafkaChecker()
      checker.check(kafka)
      errors += checker.errors
    }
    if let mqtt = transport["mqtt"]?.object {
      checkMQTT(mqtt)
      errors += MQTTOptionsChecker.check(mqtt)
    }
    if let http = transport["http"]?.object { checkHTTP(http) }
  }

  mutating func report(_ place: Place, _ problem: String, expected: String? = nil, suggestion: String? = nil) {
    errors.append(SpecificationError(place, problem, expected: expected, suggestion: suggestion))
  }

  private mutating func checkMQTT(_ mqtt: ObjectValue) {
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
