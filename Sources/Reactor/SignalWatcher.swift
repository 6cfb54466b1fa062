import CLinux
import Glibc

/// Turns signals into events of the loop, so that nothing ever runs in a signal handler.
public final class SignalWatcher: ReadinessHandler {
  private let descriptor: Int32
  private let signals: [Int32]
  private let reactor: Reactor
  private var isStopped = false
  /// Called in the loop for each signal.
  public var received: (Int32) -> Void = { _ in }

  /// Blocks the signals for the whole process; must be made before any thread is started.
  public init(_ signals: [Int32], on reactor: Reactor) throws(SystemError) {
    let descriptor = linux_signal_descriptor(signals, Int32(signals.count))
    if descriptor < 0 { throw SystemError(call: "signalfd", code: -descriptor) }
    self.descriptor = descriptor
    self.signals = signals
    self.reactor = reactor
    let handler = reactor.add(handler: self)
    try reactor.watch(descriptor, for: .read, handler: handler, token: 0)
  }

  /// Lets the signals act on the process again as they did before.
  public func stop() {
    guard !isStopped else { return }
    isStopped = true
    reactor.forget(descriptor)
    close(descriptor)
    _ = linux_signal_unblock(signals, Int32(signals.count))
  }

  public func ready(token: Int, readiness: Readiness) {
    while true {
      let signal = linux_signal_read(descriptor)
      if signal == 0 { return }
      received(signal)
    }
  }
}
