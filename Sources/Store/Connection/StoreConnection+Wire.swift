import CPQ
import FleetSpec

extension StoreConnection {
  /// Opens the session without ever blocking longer than the time-out (a host name that must be looked up apart).
  static func open(
    _ settings: ConnectionString, _ classification: ErrorClassification, _ options: ConnectionOptions
  ) throws(StoreError) -> OpaquePointer {
    guard let handle = start(settings.keywords) else { throw .unreachable(settings.endpoint, reason: "out of memory") }
    let deadline = Deadline(after: options.connectTimeout)
    var status = PGRES_POLLING_WRITING
    while PQstatus(handle) != CONNECTION_BAD && status != PGRES_POLLING_OK && status != PGRES_POLLING_FAILED {
      guard wait(for: status == PGRES_POLLING_READING ? .readable : .writable, of: PQsocket(handle), until: deadline) else {
        PQfinish(handle)
        throw .unreachable(
          settings.endpoint,
          reason: "no answer within \(options.connectTimeout) ms; is it the right port, and has the server free sessions (QuestDB: 64)?")
      }
      status = PQconnectPoll(handle)
    }
    guard PQstatus(handle) == CONNECTION_OK else {
      let message = String(cString: PQerrorMessage(handle))
      PQfinish(handle)
      throw classification.connecting(message)
    }
    PQsetnonblocking(handle, 1)
    // Notices would be printed to standard error by libpq.
    PQsetNoticeProcessor(handle, { _, _ in }, nil)
    return handle
  }

  private static func start(_ keywords: [(name: String, value: String)]) -> OpaquePointer? {
    var storage: [[CChar]] = []
    for keyword in keywords {
      storage.append(keyword.name.utf8CString.map { $0 })
      storage.append(keyword.value.utf8CString.map { $0 })
    }
    return withPointers(to: storage) { pointers in
      var names: [UnsafePointer<CChar>?] = []
      var values: [UnsafePointer<CChar>?] = []
      for index in stride(from: 0, to: pointers.count, by: 2) {
        names.append(pointers[index])
        values.append(pointers[index + 1])
      }
      return PQconnectStartParams(names + [nil], values + [nil], 0)
    }
  }

  /// Sends a statement whose rows will come one by one in binary.
  func send(_ sql: String, _ parameters: [StoreParameter]) throws(StoreError) {
    guard let handle else { throw classification.broken("the session is closed") }
    guard !sql.utf8.contains(0) else { throw .invalidRequest("the SQL text contains a zero byte") }
    let types = parameters.map(\.type)
    let formats = parameters.map { Int32($0.isBinary ? 1 : 0) }
    let bytes = parameters.map(\.bytes)
    let lengths = bytes.map { Int32($0?.count ?? 0) }
    let storage = bytes.map { ($0 ?? []).map { CChar(bitPattern: $0) } }
    let sent = withPointers(to: storage) { pointers in
      let values = zip(pointers, bytes).map { $1 == nil ? nil : $0 }
      return PQsendQueryParams(handle, sql, Int32(parameters.count), types, values, lengths, formats, 1)
    }
    guard sent == 1, PQsetSingleRowMode(handle) == 1 else { throw brokenConnection(handle) }
    let deadline = Deadline(after: options.longestSilence)
    while true {
      let left = PQflush(handle)
      if left == 0 { return }
      if left < 0 { throw brokenConnection(handle) }
      guard wait(for: .either, of: PQsocket(handle), until: deadline) else { throw silent() }
      if PQconsumeInput(handle) == 0 { throw brokenConnection(handle) }
    }
  }

  /// The next result, or nil when the statement is complete.
  func nextResult() throws(StoreError) -> OpaquePointer? {
    guard let handle else { throw classification.broken("the session is closed") }
    while PQisBusy(handle) != 0 {
      guard wait(for: .readable, of: PQsocket(handle), until: Deadline(after: options.longestSilence)) else { throw silent() }
      if PQconsumeInput(handle) == 0 { throw brokenConnection(handle) }
    }
    return PQgetResult(handle)
  }

  private func brokenConnection(_ handle: OpaquePointer) -> StoreError {
    let message = String(cString: PQerrorMessage(handle))
    if PQstatus(handle) == CONNECTION_BAD { close() }
    return classification.broken(message)
  }

  /// The server has said nothing for too long: the session is given up, since its state is unknown.
  private func silent() -> StoreError {
    close()
    let after = options.longestSilence ?? 0
    return .timeout(endpoint, after: after, reason: "the server has been silent for \(after) ms; the session was given up")
  }
}

/// Lends C pointers to each of the given byte strings, all at once.
private func withPointers<Result>(to strings: [[CChar]], _ body: ([UnsafePointer<CChar>]) -> Result) -> Result {
  let total = strings.reduce(1) { $0 + $1.count }
  return withUnsafeTemporaryAllocation(of: CChar.self, capacity: total) { buffer in
    var pointers: [UnsafePointer<CChar>] = []
    var offset = 0
    for string in strings {
      let target = UnsafeMutableBufferPointer(rebasing: buffer[offset..<offset + string.count])
      _ = target.initialize(from: string)
      // An empty slice has an address too: the buffer is one byte longer than everything in it.
      let start = UnsafeRawPointer(buffer.baseAddress.unsafelyUnwrapped + offset)
      pointers.append(start.assumingMemoryBound(to: CChar.self))
      offset += string.count
    }
    return body(pointers)
  }
}
