extension TransportDecoder {
  static func http(_ value: ObjectValue) -> HTTPTransport {
    let url = value.required("url") { $0.text.flatMap { try? HTTPURL($0) } }
    let tls = HTTPTransport.TLS(authorityFile: value["authority"]?.text, deviceCertificates: value["device_certificates"]?.text)
    let retries = value.required("retries", \.object)
    return HTTPTransport(
      url: url.text, host: url.host, port: url.port, tls: url.usesTLS ? tls : nil, token: value["token"]?.secret,
      version: value.required("version") { $0.text.flatMap(HTTPTransport.Version.init(rawValue:)) },
      batch: value.required("batch", \.integer), batchDelay: value.required("batch_delay", \.duration),
      compression: value.required("compression") { $0.text.flatMap(HTTPTransport.Compression.init(rawValue:)) },
      timeout: value.required("timeout", \.duration),
      retries: HTTPTransport.Retries(
        attempts: retries.required("attempts", \.integer), backoffBase: retries.required("backoff_base", \.duration),
        backoffMaximum: retries.required("backoff_maximum", \.duration),
        statuses: retries.required("statuses", \.list).compactMap(\.integer)),
      connections: value.required("connections", \.integer),
      headers: value.required("headers", \.map).compactMap { entry in
        entry.value.text.map { HTTPTransport.Header(name: entry.key, value: $0) }
      })
  }
}
