import CCurl
import FleetSpec
import Glibc
import Reactor

/// When devices may publish. HTTP knows no session: a device is connected while the server is believed to accept connections.
///
/// Whoever wants to connect while that is unknown waits for one test, which makes a connection with TLS and all and sends nothing. So a
/// server that is away is asked by one connection at a time, and a thousand devices cannot storm it.
extension HTTPFleet {
  /// Asks for leave to publish; answered by an event.
  public func connect(_ device: Int) {
    guard devices[device].state == .idle, !isClosing else { return }
    devices[device].state = .waiting
    waitingCount += 1
    admitOrWait(device)
    multi.drive()
  }

  func admitOrWait(_ device: Int) {
    guard isReachable else {
      waiters.append(Int32(device))
      if test == nil { startTest() }
      return
    }
    guard devices[device].notBefore <= now else {
      remind(device, at: devices[device].notBefore)
      return
    }
    devices[device].state = .connected
    waitingCount -= 1
    connectedCount += 1
    events.append(LinkEvent(kind: .connected, device: Int32(device), message: 0, failure: .none))
    // The firmware counts what it has sent before as sent once more.
    var request = devices[device].head
    while request >= 0 {
      pool[request].isCounted = true
      pool[request].failures = 0
      request = pool[request].next
    }
    devices[device].isFlushed = devices[device].head >= 0
    tryStart(device)
  }

  private func startTest() {
    while let device = waiters.last.map({ Int($0) }), devices[device].state != .waiting { waiters.removeLast() }
    guard let device = waiters.last.map({ Int($0) }) else { return }
    guard let made = HTTPConnectionTest(configuration, texts, device: settings[device].id, multi) else {
      isReachable = true
      return
    }
    testedDevice = device
    test = made
    testDeadline = now + configuration.timeout
    multi.start(made.handle)
  }

  func testEnded(_ result: CURLcode) {
    guard let ended = test else { return }
    let failure = result == CURLE_OK ? nil : HTTPFailure.meaning(result, ended.handle, message: ended.message)
    test = nil
    testDeadline = .max
    ended.end(multi)
    // One device's certificate says nothing about the others.
    if let failure, configuration.tls?.deviceCertificates != nil, failure == .handshake || failure == .ownCertificate {
      waiters.removeAll { $0 == Int32(testedDevice) }
      drop(testedDevice, failure)
      if !waiters.isEmpty { startTest() }
      return
    }
    isReachable = failure == nil
    let all = waiters
    waiters.removeAll(keepingCapacity: true)
    for device in all where devices[Int(device)].state == .waiting {
      if let failure { drop(Int(device), failure) } else { admitOrWait(Int(device)) }
    }
  }

  /// Breaks off what is under way; what was not accepted goes out again after the next connect.
  public func cut(_ device: Int) {
    close(device)
    multi.drive()
  }

  /// Breaks off what is under way and forgets what was not accepted.
  public func loseSession(_ device: Int) {
    close(device)
    while devices[device].head >= 0 { removeOldest(device) }
    devices[device].notBefore = 0
    multi.drive()
  }

  /// Ends a device's part in good order.
  public func disconnect(_ device: Int) { cut(device) }

  /// Ends a connection that failed, and tells.
  func drop(_ device: Int, _ failure: HTTPFailure) {
    guard devices[device].state != .idle else { return }
    close(device)
    events.append(LinkEvent(kind: .lost, device: Int32(device), message: 0, failure: .http(failure)))
  }

  private func close(_ device: Int) {
    let state = devices[device].state
    guard state != .idle else { return }
    if devices[device].exchange >= 0 {
      accounting.broken += 1
      abort(device)
    }
    devices[device].state = .idle
    if state == .connected { connectedCount -= 1 } else { waitingCount -= 1 }
    devices[device].flow = .open
    devices[device].unread = nil
    due.set(device, to: .max)
    if !settings[device].wantsAnswers { while devices[device].head >= 0 { removeOldest(device) } }
  }
}

extension HTTPFleet {
  /// Waits for the answers to what is on its way, and drops what has none by then; may block so long, in wall-clock milliseconds.
  ///
  /// What waits because a server asked for patience, or for a device that is not connected, is not sent any more.
  public func settle(within milliseconds: Int64) {
    isClosing = true
    for device in devices.indices where devices[device].state == .connected && devices[device].head >= 0 {
      devices[device].isFlushed = true
      tryStart(device)
    }
    multi.drive()
    let origin = LoopTimer.now()
    let began = now
    while underWay > 0, now - began < milliseconds {
      guard (try? reactor.poll(timeout: Int32(min(50, began + milliseconds - now)))) != nil else { break }
      now = began + LoopTimer.now() - origin
      housekeeping()
    }
    for device in devices.indices {
      cut(device)
      while devices[device].head >= 0 { removeOldest(device) }
    }
  }
}

/// Makes a connection, sends nothing over it and closes it again.
final class HTTPConnectionTest {
  let handle: UnsafeMutableRawPointer
  let message: UnsafeMutablePointer<CChar>

  init?(_ configuration: HTTPConfiguration, _ texts: HTTPTexts, device: String, _ multi: CurlMulti) {
    guard let made = curl_easy_init() else { return nil }
    handle = made
    message = .allocate(capacity: Int(CURL_ERROR_SIZE))
    message.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    configuration.apply(to: made, texts)
    multi.adopt(made)
    curl_set_pointer(made, CURLOPT_ERRORBUFFER, message)
    curl_set_long(made, CURLOPT_CONNECT_ONLY, 1)
    configuration.show(certificateOf: device, on: made)
  }

  /// Closes the connection and frees everything.
  func end(_ multi: CurlMulti) {
    multi.abandon(handle)
    curl_easy_cleanup(handle)
    message.deallocate()
  }
}
