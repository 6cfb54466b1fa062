extension TransportChecker {
  /// Header fields that belong to the transport itself.
  private static let reserved = [
    "authorization", "content-type", "content-length", "content-encoding", "transfer-encoding", "idempotency-key", "host", "connection",
    "expect",
  ]

  mutating func checkHTTP(_ http: ObjectValue) {
    if let url = http["url"]?.text, let address = try? HTTPURL(url), !address.usesTLS {
      for key in ["authority", "device_certificates"] {
        guard let value = http[key] else { continue }
        report(
          value.place, "'\(key)' stands next to a URL without TLS", expected: "it only with https://",
          suggestion: "write 'https://' in 'url' or remove it")
      }
    }
    for entry in http["headers"]?.map ?? [] where Self.reserved.contains(entry.key.lowercased()) {
      let isSecret = entry.key.lowercased() == "authorization"
      report(
        entry.keyPlace, "'headers' has '\(entry.key)', which the transport sets itself", expected: "other header fields",
        suggestion: isSecret ? "set 'token: {env: NAME}' or 'token: {file: PATH}'" : "remove it")
    }
    if let retries = http["retries"]?.object, let base = retries["backoff_base"]?.duration, let maximum = retries["backoff_maximum"],
      let longest = maximum.duration, longest < base
    {
      report(
        maximum.place, "'backoff_maximum' is \(Units.format(milliseconds: longest))",
        expected: "no less than 'backoff_base', which is \(Units.format(milliseconds: base))")
    }
  }
}
