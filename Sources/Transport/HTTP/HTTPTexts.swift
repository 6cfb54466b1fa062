import CCurl

/// The header fields and names that all requests share.
final class HTTPTexts {
  /// Behind the idempotency key.
  let headers: UnsafeMutablePointer<curl_slist>?
  /// Saves libcurl from looking the host up, which would take a thread.
  let addresses: UnsafeMutablePointer<curl_slist>?

  init(_ configuration: HTTPConfiguration, address: String) {
    var list: UnsafeMutablePointer<curl_slist>?
    func add(_ line: String) { list = curl_slist_append(list, line) }
    add("Content-Type: application/json")
    if configuration.isPacked { add("Content-Encoding: gzip") }
    if let token = configuration.token { add("Authorization: Bearer \(token)") }
    // libcurl would ask first whether a large body is welcome, and wait for an answer that many servers do not give.
    add("Expect:")
    add("Accept:")
    for header in configuration.headers { add("\(header.name): \(header.value)") }
    headers = list
    let literal = address.contains(":") ? "[\(address)]" : address
    addresses = curl_slist_append(nil, "\(configuration.host):\(configuration.port):\(literal)")
  }

  deinit {
    curl_slist_free_all(headers)
    curl_slist_free_all(addresses)
  }
}

extension HTTPConfiguration {
  /// Sets on a handle what never changes.
  func apply(to handle: UnsafeMutableRawPointer, _ texts: HTTPTexts) {
    curl_set_string(handle, CURLOPT_URL, url)
    curl_set_long(handle, CURLOPT_NOSIGNAL, 1)
    curl_set_string(handle, CURLOPT_PROXY, "")
    curl_set_pointer(handle, CURLOPT_RESOLVE, texts.addresses)
    curl_set_long(handle, CURLOPT_DNS_CACHE_TIMEOUT, -1)
    curl_set_string(handle, CURLOPT_USERAGENT, "heliograph")
    // The owner's own deadlines come first; this is for what happens inside of libcurl.
    curl_set_long(handle, CURLOPT_CONNECTTIMEOUT_MS, Int(timeout) * 2)
    switch version {
    case .one: curl_set_long(handle, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1)
    case .two:
      let wanted = tls == nil ? CURL_HTTP_VERSION_2_PRIOR_KNOWLEDGE : CURL_HTTP_VERSION_2TLS
      curl_set_long(handle, CURLOPT_HTTP_VERSION, wanted)
      curl_set_long(handle, CURLOPT_PIPEWAIT, 1)
    }
    if let file = tls?.authorityFile {
      curl_set_string(handle, CURLOPT_CAINFO, file)
      curl_set_pointer(handle, CURLOPT_CAPATH, nil)
    }
  }

  /// Shows a device's own certificate.
  func show(certificateOf device: String, on handle: UnsafeMutableRawPointer) {
    guard let folder = tls?.deviceCertificates else { return }
    curl_set_string(handle, CURLOPT_SSLCERT, "\(folder)/\(device).crt")
    curl_set_string(handle, CURLOPT_SSLKEY, "\(folder)/\(device).key")
  }
}
