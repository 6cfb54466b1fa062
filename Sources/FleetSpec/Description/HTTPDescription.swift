/// The keys under `transport.http`.
extension TransportDescription {
  static let http = ObjectShape(
    name: "transport.http", noun: "an HTTP transport",
    documentation: """
      Readings are posted as JSON arrays over connections that all devices share; each device has one request under way at a time. \
      Secrets never stand in the file, only references to them.
      """,
    fields: [
      Field(
        "url", .text(.httpURL), .required,
        "Where readings are posted; without a path `\(HTTPURL.standardPath)`. `https://` for TLS (port 443 unless given)."),
      Field("token", .secret, .optional, "Where the Bearer token is found."),
      Field(
        "version", .words(HTTPTransport.Version.self), .standard("1.1"),
        "HTTP version. 2 is negotiated over TLS, where a server may still choose 1.1, and assumed without TLS."),
      Field(
        "batch", .integer(1...1000), .standard("20"), "The most readings in a request; no more than the profile's `inflight` ever wait."),
      Field(
        "batch_delay", .duration(0...Limits.hour), .standard("0s"),
        "How long a request waits for further readings, real time. With 0 a device sends what it has as soon as it has an answer."),
      Field("compression", .words(HTTPTransport.Compression.self), .standard("none"), "How bodies are packed."),
      Field(
        "timeout", .duration(10...Limits.hour), .standard("5s"),
        "After this long without an answer, real time, a request may or may not have arrived, and is sent again under the same key."),
      Field("retries", .object(retries), .standard("{}"), "When and how often a request is sent again."),
      Field(
        "authority", .text(.path), .optional, "PEM file of trusted certificate authorities; without it the system's. Only with `https://`."),
      Field(
        "device_certificates", .text(.path), .optional,
        "Folder with `<device>.crt` and `<device>.key`; without it devices show no certificate. Only with `https://`."),
      Field("connections", .integer(1...10_000), .standard("64"), "The most connections that are open at once, shared by all devices."),
      Field("headers", .map(keys: .text(.identifier), values: .text(.line)), .standard("{}"), "Further header fields of each request."),
    ])

  static let retries = ObjectShape(
    name: "transport.http.retries", noun: "a retry policy",
    documentation: """
      What a device does when the server could not take a request. A `Retry-After`, in seconds or as a date, is the least that it waits. \
      After the last attempt the device gives the connection up, keeps the readings, and comes back as its firmware's back-off says.
      """,
    fields: [
      Field("attempts", .integer(1...1000), .standard("5"), "How often a request is sent at most, the first time included."),
      Field(
        "backoff_base", .duration(1...Limits.hour), .standard("500ms"),
        "Attempt n waits for a random time from 0 to backoff_base * 2^n (full jitter, from the seed)."),
      Field("backoff_maximum", .duration(1...Limits.day), .standard("30s"), "The longest wait before an attempt."),
      Field(
        "statuses", .list(of: .integer(400...599), atLeast: 0), .standard("[408, 425, 429, 500, 502, 503, 504]"),
        "After these a request is sent again. After another status from 400 on its readings are given up, except 401, 403, 404, 405 and 407."
      ),
    ])
}
