import FleetSpec
import Glibc

/// A moment on the monotonic clock by which something must have happened.
struct Deadline {
  private let instant: ContinuousClock.Instant?

  /// - Parameter milliseconds: from now; nil means never.
  init(after milliseconds: Milliseconds?) {
    instant = milliseconds.map { ContinuousClock.now + .milliseconds($0) }
  }

  /// What `poll` takes: -1 for ever, 0 when the moment has passed.
  var pollTimeout: Int32 {
    guard let instant else { return -1 }
    let left = (instant - ContinuousClock.now).components
    let milliseconds = left.seconds * 1_000 + left.attoseconds / 1_000_000_000_000_000
    return Int32(clamping: max(0, milliseconds + (left.seconds >= 0 && left.attoseconds > 0 ? 1 : 0)))
  }
}

/// What a descriptor is waited for.
enum Readiness {
  case readable
  case writable
  case either

  fileprivate var events: Int16 {
    switch self {
    case .readable: Int16(POLLIN)
    case .writable: Int16(POLLOUT)
    case .either: Int16(POLLIN | POLLOUT)
    }
  }
}

/// Waits until the descriptor is ready or has failed. Returns false when the deadline came first.
func wait(for readiness: Readiness, of descriptor: Int32, until deadline: Deadline) -> Bool {
  var entry = pollfd(fd: descriptor, events: readiness.events, revents: 0)
  while true {
    let count = poll(&entry, 1, deadline.pollTimeout)
    if count > 0 { return true }
    if count == 0 { return false }
    if errno != EINTR { return true }
  }
}
