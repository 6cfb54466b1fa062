import CLinux
import Glibc

/// Turns signals into events of the loop, so that nothing ever runs in a signal handler.
public final class SignalWatcher: ReadinessHandler {
  private let descriptor: Int32
  private let received: (Int32) -> Void

  /// Blocks the signals for the whole process; must be made before any thread is started.
  public init(_ signals: [Int32], on reactor: Reactor, received: @escaping (Int32) -> Void) throws(SystemError) {
    let descriptor = linux_signal_descriptor(signals, Int32(signals.count))
    if descriptor < 0 { throw SystemError(call: "signalfd", code: -descriptor) }
    self.descriptor = descriptor
    self.received = received
    let handler = reactor.add(handler: self)
    try reactor.watch(descriptor, for: .read, handler: handler, token: 0)
  }

  deinit { close(descriptor) }

  public func ready(token: Int, readiness: Readiness) {
    while true {
      let signal = linux_signal_read(descriptor)
      if signal == 0 { return }
      received(signal)
    }
  }
}
