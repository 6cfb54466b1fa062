import CCurl
import Glibc
import Reactor

/// Is told how transfers end.
protocol CurlTransferOwner: AnyObject {
  /// - Parameters:
  ///   - transfer: as `CurlMulti.start` was given it; it has been taken off the stack already.
  ///   - result: of the transfer as such; a response with an error status is a success here.
  func ended(_ transfer: UnsafeMutableRawPointer, _ result: CURLcode)
}

/// libcurl's multi interface on the loop's epoll: any number of transfers, no thread, nothing that blocks.
///
/// libcurl wants each socket watched while it has something to do there, and forgotten in between. A connection that is kept alive would so
/// cost two system calls for each request; therefore a socket stays in the kernel's set when libcurl does without it, and is only taken out
/// when something happens there. The kernel itself forgets those that are closed.
final class CurlMulti: ReadinessHandler {
  /// What the kernel watches for, and what libcurl wants to hear of, by descriptor.
  private struct Socket {
    var watched: UInt8 = 0
    var wanted: UInt8 = 0
  }
  private static let reading: UInt8 = 1
  private static let writing: UInt8 = 2
  private static let known: UInt8 = 4

  weak var owner: (any CurlTransferOwner)?
  let multi: UnsafeMutableRawPointer
  private let reactor: Reactor
  private let timer: LoopTimer
  private var handler = 0
  private var sockets: [Socket] = []
  /// libcurl wants to be called as soon as possible.
  private var isKicked = false
  private var isDriving = false

  /// - Parameters:
  ///   - connections: the most that are open at once.
  init(connections: Int, on reactor: Reactor) throws {
    curl_global_init(Int(CURL_GLOBAL_DEFAULT))
    guard let made = curl_multi_init() else { throw HTTPLinkError("libcurl has no memory") }
    multi = made
    self.reactor = reactor
    timer = try LoopTimer(on: reactor)
    handler = reactor.add(handler: self)
    curl_multi_set_callbacks(multi, Self.watch, Self.setTimer, Unmanaged.passUnretained(self).toOpaque())
    curl_multi_set_long(multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, connections)
    curl_multi_set_long(multi, CURLMOPT_MAX_HOST_CONNECTIONS, connections)
    curl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, connections)
    timer.due = { [unowned self] in self.drive(CURL_SOCKET_BAD, 0) }
  }

  deinit {
    // The watchers would be called for each connection that is closed here.
    curl_multi_set_callbacks(multi, nil, nil, nil)
    curl_multi_cleanup(multi)
  }

  /// Prepares a handle so that its sockets are known here. Must be called once for each handle, which must not outlive this object.
  func adopt(_ handle: UnsafeMutableRawPointer) {
    curl_set_socket_opener(handle, Self.open, Unmanaged.passUnretained(self).toOpaque())
  }

  /// Starts a transfer; `drive()` gets it under way.
  func start(_ transfer: UnsafeMutableRawPointer) {
    curl_multi_add_handle(multi, transfer)
  }

  /// Gives a transfer up. Its connection is closed when it was in the middle of something.
  func abandon(_ transfer: UnsafeMutableRawPointer) {
    curl_multi_remove_handle(multi, transfer)
  }

  /// Lets libcurl do what it can do now. Ended transfers are told of from within.
  func drive() {
    while isKicked && !isDriving {
      isKicked = false
      drive(CURL_SOCKET_BAD, 0)
    }
  }

  func ready(token: Int, readiness: Readiness) {
    guard token < sockets.count, sockets[token].wanted != 0 else {
      // Nobody waits for this: a peer that closes an idle connection is noticed when the connection is to be used again.
      reactor.forget(Int32(token))
      if token < sockets.count { sockets[token] = Socket() }
      return
    }
    var what: Int32 = 0
    if readiness.contains(.read) { what |= CURL_CSELECT_IN }
    if readiness.contains(.write) { what |= CURL_CSELECT_OUT }
    if !readiness.isDisjoint(with: .failure) { what |= CURL_CSELECT_ERR }
    drive(Int32(token), what)
  }

  private func drive(_ socket: curl_socket_t, _ what: Int32) {
    // What owners do when they are told may lead here again; the outer call goes on with it.
    guard !isDriving else {
      isKicked = true
      return
    }
    isDriving = true
    var running: Int32 = 0
    curl_multi_socket_action(multi, socket, what, &running)
    var result = CURLE_OK
    while let transfer = curl_multi_next_done(multi, &result) {
      curl_multi_remove_handle(multi, transfer)
      owner?.ended(transfer, result)
    }
    isDriving = false
    drive()
  }

  private func begin(_ descriptor: Int32) {
    let index = Int(descriptor)
    while sockets.count <= index { sockets.append(Socket()) }
    sockets[index] = Socket()
  }

  private func want(_ descriptor: Int32, _ what: Int32) {
    let index = Int(descriptor)
    while sockets.count <= index { sockets.append(Socket()) }
    guard what != CURL_POLL_REMOVE else {
      sockets[index].wanted = 0
      return
    }
    var wanted = Self.known
    if what & CURL_POLL_IN != 0 { wanted |= Self.reading }
    if what & CURL_POLL_OUT != 0 { wanted |= Self.writing }
    sockets[index].wanted = wanted
    guard sockets[index].watched != wanted else { return }
    var readiness: Readiness = []
    if wanted & Self.reading != 0 { readiness.insert(.read) }
    if wanted & Self.writing != 0 { readiness.insert(.write) }
    do {
      if sockets[index].watched == 0 {
        try reactor.watch(descriptor, for: readiness, handler: handler, token: index)
      } else {
        try reactor.change(descriptor, to: readiness, handler: handler, token: index)
      }
      sockets[index].watched = wanted
    } catch {
      // A connection that cannot be watched does nothing more, and its request times out.
      sockets[index].watched = 0
    }
  }

  private static let watch: curl_socket_watcher = { _, socket, what, context, _ in
    guard let context else { return 0 }
    Unmanaged<CurlMulti>.fromOpaque(context).takeUnretainedValue().want(socket, what)
    return 0
  }

  private static let setTimer: curl_timer_setter = { _, milliseconds, context in
    guard let context else { return 0 }
    let multi = Unmanaged<CurlMulti>.fromOpaque(context).takeUnretainedValue()
    // Calling back from within is not allowed: `drive` follows.
    if milliseconds == 0 {
      multi.isKicked = true
    } else {
      multi.timer.set(in: milliseconds < 0 ? nil : Int64(milliseconds))
    }
    return 0
  }

  private static let open: curl_socket_opener = { context, _, address in
    guard let context, let address else { return CURL_SOCKET_BAD }
    let descriptor = socket(address.pointee.family, address.pointee.socktype | Int32(SOCK_CLOEXEC.rawValue), address.pointee.protocol)
    // An earlier socket of this number was closed, and the kernel has forgotten it.
    if descriptor >= 0 { Unmanaged<CurlMulti>.fromOpaque(context).takeUnretainedValue().begin(descriptor) }
    return descriptor
  }
}

/// The HTTP transport could not be set up.
public struct HTTPLinkError: Error, CustomStringConvertible {
  public let description: String
  init(_ description: String) { self.description = description }
}
