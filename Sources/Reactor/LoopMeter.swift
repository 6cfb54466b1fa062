import CLinux

/// Measures the stretches in which a loop does not look at its descriptors.
///
/// On a busy machine the kernel takes the processor away in the middle of a stretch; that is no fault of the loop. A blocking call is: it
/// gives the processor up, which the kernel counts. So three things are kept: how long the stretches were, how much processor time they
/// took, and how long those waited that blocked.
public struct LoopMeter {
  /// Wall-clock microseconds of every stretch.
  public private(set) var busy = DurationHistogram()
  /// Microseconds of processor time of every stretch.
  public private(set) var processor = DurationHistogram()
  /// For the stretches with a blocking call: wall-clock microseconds without the processor, an upper bound of the time in that call.
  public private(set) var blocked = DurationHistogram()
  private var longest: Int64 = 0
  private var startProcessor: Int64 = 0
  private var startSwitches: Int64 = 0

  public init() {}

  /// The loop has come back from waiting.
  public mutating func begin() { linux_thread_usage(&startProcessor, &startSwitches) }

  /// The longest stretch in wall-clock microseconds since this was asked last.
  public mutating func takeLongest() -> Int64 {
    defer { longest = 0 }
    return longest
  }

  /// The loop is about to wait again.
  public mutating func end(microseconds: Int64) {
    var usedProcessor: Int64 = 0
    var switches: Int64 = 0
    linux_thread_usage(&usedProcessor, &switches)
    usedProcessor -= startProcessor
    busy.record(microseconds)
    longest = max(longest, microseconds)
    processor.record(usedProcessor)
    if switches != startSwitches { blocked.record(microseconds - usedProcessor) }
  }
}
