import CLinux
import Glibc

/// Receives the readiness of descriptors that were registered under it.
public protocol ReadinessHandler: AnyObject {
  /// - Parameters:
  ///   - token: the number given at registration.
  ///   - readiness: what the descriptor is ready for.
  func ready(token: Int, readiness: Readiness)
}

/// What a descriptor is, or is to be watched for.
public struct Readiness: OptionSet, Sendable {
  public let rawValue: UInt32
  public init(rawValue: UInt32) { self.rawValue = rawValue }
  public static let read = Readiness(rawValue: EPOLLIN.rawValue)
  public static let write = Readiness(rawValue: EPOLLOUT.rawValue)
  /// The peer is gone or the socket is broken. Always watched.
  public static let failure = Readiness(rawValue: EPOLLERR.rawValue | EPOLLHUP.rawValue)
}

/// A failed system call.
public struct SystemError: Error, CustomStringConvertible {
  public let call: String
  public let code: Int32
  public init(call: String, code: Int32) {
    self.call = call
    self.code = code
  }
  public var description: String { "\(call): \(String(cString: strerror(code)))" }
}

/// One epoll instance. Registration and dispatch allocate nothing in steady state.
public final class Reactor {
  private let descriptor: Int32
  private var handlers: [any ReadinessHandler] = []
  private var events = [UInt32](repeating: 0, count: 256)
  private var tokens = [UInt64](repeating: 0, count: 256)

  public init() throws(SystemError) {
    descriptor = epoll_create1(Int32(EPOLL_CLOEXEC))
    guard descriptor >= 0 else { throw SystemError(call: "epoll_create1", code: errno) }
  }

  deinit { close(descriptor) }

  /// Makes a handler known; the result names it in `watch`. Handlers live as long as the reactor.
  public func add(handler: any ReadinessHandler) -> Int {
    handlers.append(handler)
    return handlers.count - 1
  }

  /// Starts to watch a descriptor that is not watched yet.
  public func watch(_ watched: Int32, for readiness: Readiness, handler: Int, token: Int) throws(SystemError) {
    try control(EPOLL_CTL_ADD, watched, readiness, handler, token)
  }

  /// Changes what a watched descriptor is watched for.
  public func change(_ watched: Int32, to readiness: Readiness, handler: Int, token: Int) throws(SystemError) {
    try control(EPOLL_CTL_MOD, watched, readiness, handler, token)
  }

  /// Stops watching. A descriptor that was closed already is not an error: the kernel has forgotten it.
  public func forget(_ watched: Int32) {
    _ = linux_epoll_control(descriptor, Int32(EPOLL_CTL_DEL), watched, 0, 0)
  }

  private func control(_ operation: Int32, _ watched: Int32, _ readiness: Readiness, _ handler: Int, _ token: Int) throws(SystemError) {
    let packed = UInt64(handler) << 48 | UInt64(token)
    let result = linux_epoll_control(descriptor, operation, watched, readiness.rawValue, packed)
    if result < 0 { throw SystemError(call: "epoll_ctl", code: -result) }
  }

  /// Waits at most `timeout` milliseconds and dispatches what is ready. Returns the number of events.
  @discardableResult
  public func poll(timeout: Int32) throws(SystemError) -> Int {
    dispatch(try wait(timeout: timeout))
  }

  /// The first half of `poll`: waits. The caller may look at a clock before it calls `dispatch`.
  public func wait(timeout: Int32) throws(SystemError) -> Int {
    let count = linux_epoll_wait(descriptor, &events, &tokens, 256, timeout)
    if count == -EINTR { return 0 }
    if count < 0 { throw SystemError(call: "epoll_wait", code: -count) }
    return Int(count)
  }

  /// The second half of `poll`: hands events to their handlers.
  ///
  /// - Parameter budget: microseconds after which the rest is left for the next `wait`, which reports it again; a burst of TLS handshakes
  ///   must not keep the timers waiting.
  @discardableResult
  public func dispatch(_ count: Int, budget: Int64 = 5_000) -> Int {
    var time = timespec()
    var deadline: Int64 = .max
    for index in 0..<count {
      clock_gettime(CLOCK_MONOTONIC, &time)
      let now = Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000
      if index == 0 { deadline = now + budget }
      if now > deadline { return index }
      let token = tokens[index]
      handlers[Int(token >> 48)].ready(token: Int(token & 0xFFFF_FFFF_FFFF), readiness: Readiness(rawValue: events[index]))
    }
    return count
  }
}
