import CLinux
import Glibc

/// One appointment of the loop, for owners that cannot wait for its housekeeping.
///
/// An appointment that is moved further away costs no system call: the timer fires early and is set again then.
public final class LoopTimer: ReadinessHandler {
  /// Called in the loop when the appointment has come; it is over then.
  public var due: () -> Void = {}

  private let descriptor: Int32
  private let reactor: Reactor
  /// Milliseconds of the monotonic clock; `.max` for none.
  private var target = Int64.max
  private var armed = Int64.max

  public init(on reactor: Reactor) throws(SystemError) {
    descriptor = linux_timer_create()
    if descriptor < 0 { throw SystemError(call: "timerfd_create", code: -descriptor) }
    self.reactor = reactor
    let handler = reactor.add(handler: self)
    try reactor.watch(descriptor, for: .read, handler: handler, token: 0)
  }

  deinit { close(descriptor) }

  /// Replaces the appointment by one in so many milliseconds; nil for none.
  public func set(in milliseconds: Int64?) {
    guard let milliseconds else {
      target = .max
      return
    }
    let now = Self.now()
    target = now + max(milliseconds, 0)
    if target < armed { arm(now) }
  }

  private func arm(_ now: Int64) {
    armed = target
    _ = linux_timer_set(descriptor, max(target - now, 0))
  }

  /// Milliseconds of the monotonic clock.
  public static func now() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
  }

  public func ready(token: Int, readiness: Readiness) {
    linux_timer_clear(descriptor)
    armed = .max
    guard target != .max else { return }
    let now = Self.now()
    guard now >= target else {
      arm(now)
      return
    }
    target = .max
    due()
  }
}
