import Foundation
import Glibc
import Synchronization

/// Ctrl-C and SIGTERM while a command works on the main thread: the first one asks it to stop, the second ends the process at once.
final class Interruption: Sendable {
  private let signals = Atomic<Int>(0)

  /// - Parameter stop: called on another thread, when it is first asked.
  init(_ stop: @escaping @Sendable () -> Void) {
    var set = sigset_t()
    sigemptyset(&set)
    sigaddset(&set, SIGINT)
    sigaddset(&set, SIGTERM)
    // Before the thread is made, which inherits it: whoever waits for a blocked signal gets it.
    pthread_sigmask(SIG_BLOCK, &set, nil)
    let waited = set
    Thread { [self] in
      var signal: Int32 = 0
      while true {
        var set = waited
        guard sigwait(&set, &signal) == 0 else { return }
        guard signals.add(1, ordering: .sequentiallyConsistent).newValue == 1 else { _exit(ExitStatus.interrupted.rawValue) }
        stop()
      }
    }.start()
  }

  var isAsked: Bool { signals.load(ordering: .sequentiallyConsistent) > 0 }
}
