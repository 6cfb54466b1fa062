/// Stores batches, each of them once.
protocol StoreWriter: SendableMetatype {
  /// Connects anew and looks up where the last process stopped.
  mutating func connect() throws(StoreFailure)
  /// Stores one batch. When an attempt's outcome stayed unknown, the next attempt finds it out before it stores anything.
  mutating func store(_ batch: Batch) throws(StoreFailure)
  /// All rows that are there: sensor id, timestamp and time of arrival in microseconds since 1970.
  mutating func readKeys(_ body: (UnsafeRawBufferPointer, Int64, Int64) -> Void) throws(StoreFailure)
  /// What a later process needs to know to find out what became of the batch that comes next.
  var resumeMark: Int64 { get set }
}

struct StoreFailure: Error, CustomStringConvertible {
  let description: String
  /// Whether to connect again before the next attempt.
  let connectionLost: Bool
}

/// The thread that stores.
enum StoreLoop {
  static func run(_ writer: inout some StoreWriter, _ queue: BatchQueue) {
    var connected = true
    while let batch = queue.next() {
      do throws(StoreFailure) {
        if !connected {
          try writer.connect()
          connected = true
        }
        try writer.store(batch)
        queue.report(connected: true, error: nil)
        queue.confirm(mark: writer.resumeMark)
      } catch {
        if error.connectionLost { connected = false }
        queue.report(connected: connected, error: error.description)
        guard queue.pause(milliseconds: 200) else { break }
      }
    }
    queue.finish()
  }
}
