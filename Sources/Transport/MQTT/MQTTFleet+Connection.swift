import CMosquitto
import COpenSSL
import Glibc
import Reactor

/// The life of one connection: begin, handshake, readiness, end.
extension MQTTFleet {
  private static let success = Int32(MOSQ_ERR_SUCCESS.rawValue)

  func begin(_ device: Int) {
    clients[device].state = .connecting
    clients[device].refusal = 0
    connecting += 1
    clients[device].deadline = now + devices[device].connectTimeout
    guard let mosquitto = clients[device].mosquitto ?? makeClient(device) else {
      drop(device, .unreachable(ENOMEM))
      return
    }
    clients[device].mosquitto = mosquitto
    session?.willConnect(device)
    serve(device)
    errno = 0
    let result = call(device, mosquitto)
    clients[device].isAimed = true
    let descriptor = mosquitto_socket(mosquitto)
    guard result == Self.success, descriptor >= 0, handshakes?.ownCertificate ?? .fit == .fit else {
      let code = errno
      // A broker that answers at once can fail the handshake before the call returns.
      let isReached = code == EPROTO || code == ECONNRESET
      let other = result == Int32(MOSQ_ERR_TLS.rawValue) ? LinkFailure.handshake : isReached ? .closed : .unreachable(code)
      drop(device, handshakeFailure(mosquitto) ?? other)
      return
    }
    clients[device].descriptor = descriptor
    clients[device].watchesWrite = true
    do {
      try reactor.watch(descriptor, for: [.read, .write], handler: handler, token: device)
    } catch {
      drop(device, .unreachable(error.code))
    }
  }

  private func call(_ device: Int, _ mosquitto: OpaquePointer) -> Int32 {
    if clients[device].isAimed { return mosquitto_reconnect_async(mosquitto) }
    let broker = Int(clients[device].broker)
    return mosquitto_connect_bind_async(
      mosquitto, addresses[broker], Int32(brokers[broker].port), devices[device].keepaliveSeconds,
      configuration.sources.address(of: device))
  }

  /// The library is about to be called for a device.
  private func serve(_ device: Int) {
    guard let handshakes else { return }
    handshakes.serve(device, broker: Int(clients[device].broker))
    if clients[device].state == .connecting { handshakes.forget() }
  }

  public func ready(token device: Int, readiness: Readiness) {
    guard let mosquitto = clients[device].mosquitto, clients[device].descriptor >= 0, clients[device].flow != .none else { return }
    serve(device)
    if !readiness.isDisjoint(with: .failure), clients[device].state == .connecting, let code = Self.socketError(clients[device].descriptor)
    {
      // Before it closed, the broker may have said why.
      if tls != nil, code != ECONNREFUSED { _ = mosquitto_loop_read(mosquitto, 1) }
      drop(device, handshakeFailure(mosquitto) ?? .unreachable(code))
      return
    }
    var result = Self.success
    let shaking = isHandshaking(mosquitto)
    if clients[device].flow == .open, shaking || readiness.contains(.read) || !readiness.isDisjoint(with: .failure) {
      result = mosquitto_loop_read(mosquitto, 1)
    }
    if result == Self.success, readiness.contains(.write), !isHandshaking(mosquitto) {
      result = mosquitto_loop_write(mosquitto, 1)
    }
    guard clients[device].descriptor >= 0 else { return }
    // The library takes a certificate that is not there for a handshake that goes on.
    let isStuck = clients[device].state == .connecting && handshakes?.ownCertificate ?? .fit != .fit
    if result != Self.success || isStuck || !readiness.isDisjoint(with: .failure) || mosquitto_socket(mosquitto) < 0 {
      drop(device, failure(device, mosquitto, result))
      return
    }
    watch(device)
  }

  /// The error that a socket has met, or nil.
  private static func socketError(_ descriptor: Int32) -> Int32? {
    var code: Int32 = 0
    var size = socklen_t(MemoryLayout<Int32>.size)
    guard getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &size) == 0, code != 0 else { return nil }
    return code
  }

  private static func hasPeer(_ descriptor: Int32) -> Bool {
    var address = sockaddr_storage()
    var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
    return withUnsafeMutableBytes(of: &address) { bytes in
      bytes.withMemoryRebound(to: sockaddr.self) { getpeername(descriptor, $0.baseAddress, &size) == 0 }
    }
  }

  /// The handshake moves only in `mosquitto_loop_read`, whichever way the descriptor is ready.
  private func isHandshaking(_ mosquitto: OpaquePointer) -> Bool {
    guard tls != nil, let connection = mosquitto_ssl_get(mosquitto) else { return false }
    return SSL_is_init_finished(OpaquePointer(connection)) == 0
  }

  private func failure(_ device: Int, _ mosquitto: OpaquePointer, _ result: Int32) -> LinkFailure {
    let refusal = clients[device].refusal
    guard clients[device].state == .connecting else { return refusal == 0 ? .closed : .ended(refusal) }
    if refusal != 0 { return .refused(refusal) }
    if let known = handshakeFailure(mosquitto) { return known }
    // OpenSSL has met the refusal first and taken the socket's error with it.
    if isHandshaking(mosquitto) { return Self.hasPeer(clients[device].descriptor) ? .handshake : .unreachable(0) }
    return result == Int32(MOSQ_ERR_TLS.rawValue) ? .handshake : .closed
  }

  /// What the handshake that was just driven has found wrong with a certificate, if anything.
  private func handshakeFailure(_ mosquitto: OpaquePointer) -> LinkFailure? {
    guard let handshakes else { return nil }
    if handshakes.ownCertificate != .fit { return .ownCertificate(isMissing: handshakes.ownCertificate == .missing) }
    if handshakes.verification != 0 { return .certificate(Int(handshakes.verification)) }
    if handshakes.alert != 0 { return .alert(handshakes.alert) }
    guard let connection = mosquitto_ssl_get(mosquitto) else { return nil }
    return TLSContext.verificationFailure(OpaquePointer(connection)).map { .certificate($0) }
  }

  /// Watches for writing only while something waits to be written.
  func watch(_ device: Int) {
    guard let mosquitto = clients[device].mosquitto, clients[device].descriptor >= 0, clients[device].flow != .none else { return }
    let wants: Bool
    if tls != nil, let connection = mosquitto_ssl_get(mosquitto), SSL_is_init_finished(OpaquePointer(connection)) == 0 {
      wants = SSL_want(OpaquePointer(connection)) == SSL_WRITING
    } else {
      wants = mosquitto_want_write(mosquitto)
    }
    guard wants != clients[device].watchesWrite else { return }
    clients[device].watchesWrite = wants
    applyInterest(device)
  }

  /// Tells the reactor what a connection is watched for.
  func applyInterest(_ device: Int) {
    var interest: Readiness = clients[device].watchesWrite ? .write : []
    if clients[device].flow == .open { interest.insert(.read) }
    do {
      try reactor.change(clients[device].descriptor, to: interest, handler: handler, token: device)
    } catch {
      drop(device, .closed)
    }
  }

  /// Throws away what waits in a socket, so that the library does not find it while it closes.
  private static func discardInput(_ descriptor: Int32) {
    withUnsafeTemporaryAllocation(byteCount: 16_384, alignment: 1) { scratch in
      while recv(descriptor, scratch.baseAddress, scratch.count, Int32(MSG_DONTWAIT)) > 0 {}
    }
  }

  /// Ends a connection that broke, and tells.
  func drop(_ device: Int, _ failure: LinkFailure) {
    guard clients[device].state != .idle else { return }
    let wasConnecting = clients[device].state == .connecting
    if wasConnecting { moveOn(device) }
    close(device)
    events.append(LinkEvent(kind: .lost, device: Int32(device), message: 0, failure: failure))
  }

  /// Ends a connection, and tells nobody.
  func close(_ device: Int) {
    let state = clients[device].state
    guard state != .idle else { return }
    clients[device].state = .idle
    clients[device].deadline = .max
    if state == .connected {
      connectedCount -= 1
      connectedTo[Int(clients[device].broker)] -= 1
    }
    let descriptor = clients[device].descriptor
    clients[device].descriptor = -1
    let wasRead = clients[device].flow == .open
    clients[device].flow = .open
    if descriptor >= 0 {
      reactor.forget(descriptor)
      if !wasRead { Self.discardInput(descriptor) }
      if let mosquitto = clients[device].mosquitto, mosquitto_socket(mosquitto) == descriptor {
        shutdown(descriptor, Int32(SHUT_RDWR))
        // The library notices, closes its descriptor and keeps what was not acknowledged.
        _ = mosquitto_loop_read(mosquitto, 1)
      }
    }
    if state == .connecting { leaveConnecting() }
  }

  /// Gives a place among the connection attempts to the next device that waits.
  func leaveConnecting() {
    connecting -= 1
    // An attempt that fails at once ends up here again: the outer call goes on with the queue.
    guard !isAdmitting else { return }
    isAdmitting = true
    defer { isAdmitting = false }
    while connecting < configuration.concurrentConnects, waitingHead < waiting.count {
      let device = Int(waiting[waitingHead])
      waitingHead += 1
      if clients[device].state == .queued { begin(device) }
    }
    if waitingHead == waiting.count {
      waiting.removeAll(keepingCapacity: true)
      waitingHead = 0
    }
  }
}
