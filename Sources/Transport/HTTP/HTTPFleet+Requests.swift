import CCurl
import FleetSpec
import Glibc
import World

/// The life of one request: begin, answer, and what follows from it.
extension HTTPFleet {
  /// Starts a device's oldest request if it may go out now and an exchange is free; otherwise the device stands in line for one.
  func tryStart(_ device: Int) {
    let request = devices[device].head
    guard request >= 0, devices[device].state == .connected, devices[device].flow == .open, devices[device].exchange < 0,
      devices[device].unread == nil, devices[device].notBefore <= now, mayLeave(request, device)
    else { return }
    guard let exchange = freeExchanges.popLast() ?? makeExchange() else {
      if !devices[device].isInLine {
        devices[device].isInLine = true
        line.append(Int32(device))
      }
      return
    }
    begin(device, request, Int(exchange))
  }

  private func mayLeave(_ request: Int32, _ device: Int) -> Bool {
    pool[request].isClosed || devices[device].isFlushed
      || (configuration.batchDelay > 0 && devices[device].gatheredAt + configuration.batchDelay <= now)
  }

  private func makeExchange() -> Int32? {
    guard madeExchanges < exchangeLimit, let made = HTTPExchange(shared: texts.headers) else { return nil }
    let place = exchanges + madeExchanges
    place.initialize(to: made)
    configuration.apply(to: made.handle, texts)
    multi.adopt(made.handle)
    curl_set_long(made.handle, CURLOPT_POST, 1)
    curl_set_pointer(made.handle, CURLOPT_HTTPHEADER, made.headers)
    curl_set_pointer(made.handle, CURLOPT_ERRORBUFFER, made.message)
    curl_set_pointer(made.handle, CURLOPT_PRIVATE, place)
    curl_set_body_callback(made.handle, HTTPExchange.collect, place)
    madeExchanges += 1
    return Int32(madeExchanges - 1)
  }

  private func begin(_ device: Int, _ request: Int32, _ exchange: Int) {
    if !pool[request].wasSent { seal(device, request) }
    if !pool[request].isCounted { tell(.sentAgain, device, request) }
    pool[request].isCounted = false
    if pool[request].wasSent { accounting.retries += 1 }
    pool[request].wasSent = true
    let handle = exchanges[exchange].handle
    IdempotencyKey.write(run: configuration.runKey, device: device, request: pool[request].number, to: exchanges[exchange].key)
    curl_set_pointer(handle, CURLOPT_POSTFIELDS, pool[request].body.base)
    curl_set_long(handle, CURLOPT_POSTFIELDSIZE, pool[request].body.count)
    configuration.show(certificateOf: settings[device].id, on: handle)
    exchanges[exchange].device = Int32(device)
    exchanges[exchange].deadline = now + configuration.timeout
    exchanges[exchange].excerptCount = 0
    exchanges[exchange].message[0] = 0
    devices[device].exchange = Int32(exchange)
    accounting.requests += 1
    accounting.bodyBytes += Int64(pool[request].body.count)
    underWay += 1
    multi.start(handle)
  }

  /// Ends the array, and packs it.
  private func seal(_ device: Int, _ request: Int32) {
    pool[request].isClosed = true
    if devices[device].tail == request { devices[device].isFlushed = false }
    pool[request].body.append(UInt8(ascii: "]"))
    guard let gzip else { return }
    packed.removeAll()
    gzip.pack(pool[request].body, into: &packed)
    swap(&packed, &pool[request].body)
  }

  func ended(_ transfer: UnsafeMutableRawPointer, _ result: CURLcode) {
    if transfer == test?.handle {
      testEnded(result)
      return
    }
    var context: UnsafeMutableRawPointer?
    curl_info_pointer(transfer, CURLINFO_PRIVATE, &context)
    guard let exchange = context?.assumingMemoryBound(to: HTTPExchange.self) else { return }
    guard result == CURLE_OK else {
      conclude(exchange, .failed(HTTPFailure.meaning(result, transfer, message: exchange.pointee.message)))
      return
    }
    var status = 0
    curl_response_code(transfer, &status)
    var wait: Int64 = 0
    if status >= 300 {
      var seconds: curl_off_t = 0
      curl_info_offset(transfer, CURLINFO_RETRY_AFTER, &seconds)
      wait = Int64(min(max(seconds, 0), 86_400)) * 1_000
      keepEvidence(status, exchange.pointee)
    }
    if accounting.spokenVersion == 0 {
      var version = 0
      curl_info_long(transfer, CURLINFO_HTTP_VERSION, &version)
      accounting.spokenVersion = version == CURL_HTTP_VERSION_2_0 ? 2 : 1
    }
    conclude(exchange, .status(status, retryAfter: wait))
  }

  private func keepEvidence(_ status: Int, _ exchange: HTTPExchange) {
    guard evidence.count < 50, !evidence.contains(where: { $0.status == status }) else { return }
    var text = exchange.excerptText
    if let token = configuration.token, !token.isEmpty { text = text.replacing(token, with: "***") }
    evidence.append(HTTPEvidence(status: status, device: settings[Int(exchange.device)].id, text: text))
  }

  /// Gives the exchange back and deals with the answer, now or when the device hears it.
  private func conclude(_ exchange: UnsafeMutablePointer<HTTPExchange>, _ answer: Answer) {
    let device = Int(exchange.pointee.device)
    release(exchange)
    if devices[device].flow == .open { settle(device, answer) } else { devices[device].unread = answer }
    serveLine()
    tryStart(device)
  }

  private func release(_ exchange: UnsafeMutablePointer<HTTPExchange>) {
    devices[Int(exchange.pointee.device)].exchange = -1
    exchange.pointee.device = -1
    exchange.pointee.deadline = .max
    underWay -= 1
    freeExchanges.append(Int32(exchange - exchanges))
  }

  /// Breaks a device's request off, if one is under way.
  func abort(_ device: Int) {
    let index = devices[device].exchange
    guard index >= 0 else { return }
    let exchange = exchanges + Int(index)
    multi.abandon(exchange.pointee.handle)
    release(exchange)
  }

  private func serveLine() {
    while !freeExchanges.isEmpty || madeExchanges < exchangeLimit, lineHead < line.count {
      let device = Int(line[lineHead])
      lineHead += 1
      devices[device].isInLine = false
      tryStart(device)
    }
    if lineHead == line.count || lineHead > 4_096 {
      line.removeFirst(lineHead)
      lineHead = 0
    }
  }

  /// What follows from an answer.
  func settle(_ device: Int, _ answer: Answer) {
    guard case .status(let status, let retryAfter) = answer else {
      guard case .failed(let failure) = answer else { return }
      if failure == .timedOut {
        accounting.timedOut += 1
        retry(device, .timedOut, after: 0)
      } else {
        accounting.broken += 1
        // A device whose own certificate is at fault says nothing about the server.
        if failure != .handshake && failure != .ownCertificate { isReachable = false }
        drop(device, failure)
      }
      return
    }
    accounting.count(status: status, readings: Int(pool[devices[device].head].count))
    switch status {
    case 200..<300:
      refusedBecause = nil
      isReachable = true
      finishOldest(device, .acknowledged)
    case _ where configuration.retries.statuses.contains(status): retry(device, .unavailable(status), after: retryAfter)
    case 401, 403, 407: turnAway(device, .unauthorised(status, token: configuration.tokenPlace))
    case 300..<400, 404, 405: turnAway(device, .wrongAddress(status))
    default:
      accounting.refusedReadings += Int64(pool[devices[device].head].count)
      finishOldest(device, .rejected, .http(.refused(status)))
    }
  }

  private func tell(_ kind: LinkEvent.Kind, _ device: Int, _ request: Int32, _ failure: LinkFailure = .none) {
    guard settings[device].wantsAnswers else { return }
    let first = pool[request].first
    for offset in 0..<pool[request].count {
      events.append(LinkEvent(kind: kind, device: Int32(device), message: first + offset, failure: failure))
    }
  }

  /// The oldest request needs nothing more.
  private func finishOldest(_ device: Int, _ kind: LinkEvent.Kind, _ failure: LinkFailure = .none) {
    let request = devices[device].head
    tell(kind, device, request, failure)
    removeOldest(device)
  }

  func removeOldest(_ device: Int) {
    let request = devices[device].head
    devices[device].held -= pool[request].count
    devices[device].head = pool[request].next
    if devices[device].head < 0 {
      devices[device].tail = -1
      devices[device].isFlushed = false
    }
    pool.putBack(request)
  }

  /// The server could not take the request now.
  private func retry(_ device: Int, _ failure: HTTPFailure, after retryAfter: Milliseconds) {
    guard settings[device].wantsAnswers else {
      removeOldest(device)
      return
    }
    let request = devices[device].head
    pool[request].failures += 1
    let failures = Int(pool[request].failures)
    let index = UInt64(pool[request].number) << 8 | UInt64(min(failures, 255))
    let draw = RandomStream(seed: configuration.seed, device: UInt64(device), stream: 700_011).uniform(index)
    let wait = configuration.retries.wait(failures: failures, draw: draw, retryAfter: retryAfter)
    devices[device].notBefore = now + wait
    if failures >= configuration.retries.attempts {
      drop(device, failure)
    } else {
      remind(device, at: now + wait)
    }
  }

  /// The server takes nothing from anybody, or nothing from this device.
  private func turnAway(_ device: Int, _ failure: HTTPFailure) {
    if refusedBecause == nil {
      refusedBecause = failure
      refusedSince = now
    }
    if !settings[device].wantsAnswers { removeOldest(device) }
    drop(device, failure)
  }

  /// Time-outs; to be called about every 100 ms.
  public func housekeeping() {
    if test != nil && testDeadline <= now {
      testEnded(CURLE_OPERATION_TIMEDOUT)
    }
    if underWay > 0 {
      for index in 0..<madeExchanges where exchanges[index].deadline <= now {
        multi.abandon(exchanges[index].handle)
        conclude(exchanges + index, .failed(.timedOut))
      }
    }
    multi.drive()
  }
}
