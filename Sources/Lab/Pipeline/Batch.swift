import CLinux
import Foundation
import Glibc

/// Rows that are stored together or not at all.
struct Batch: Sendable {
  var bytes: [UInt8] = []
  var rows = 0
  /// The smallest and largest `ingested_at`, microseconds since 1970; no other batch has a row between them.
  var firstIngested: Int64 = 0
  var lastIngested: Int64 = 0
  /// By partition, the offset behind the last message that had been received when the batch was taken; empty where messages have none.
  var offsets: [Int32: Int64] = [:]

  mutating func add(_ row: Row, _ event: borrowing Event, _ message: UnsafeRawBufferPointer, _ encoder: RowEncoder) {
    if rows == 0 {
      bytes.reserveCapacity(640_000)
      firstIngested = row.ingestedAt
      lastIngested = row.ingestedAt
    }
    // The machine's clock may be set back meanwhile.
    firstIngested = min(firstIngested, row.ingestedAt)
    lastIngested = max(lastIngested, row.ingestedAt)
    encoder.append(row, event, message, to: &bytes)
    rows += 1
  }
}

/// Hands batches from the thread that receives to the one that stores.
final class BatchQueue: @unchecked Sendable {
  private let condition = NSCondition()
  private var batches: [Batch] = []
  private var isClosed = false
  private var isAbandoned = false
  private var isFinished = false
  private var storedRows: UInt64 = 0
  private var waitingRows: UInt64 = 0
  private var connected = false
  private var lastError: String?
  private var mark: Int64
  private var confirmedOffsets: [Int32: Int64] = [:]

  /// Becomes readable when a batch is in the store.
  let confirmed = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))

  /// - Parameter mark: the writer's `resumeMark` before the first batch.
  init(mark: Int64) { self.mark = mark }

  deinit { Glibc.close(confirmed) }

  struct Figures {
    var stored: UInt64
    var waiting: UInt64
    var connected: Bool
    var lastError: String?
  }

  var figures: Figures {
    condition.withLock { Figures(stored: storedRows, waiting: waitingRows, connected: connected, lastError: lastError) }
  }

  func append(_ batch: Batch) {
    condition.withLock {
      batches.append(batch)
      waitingRows += UInt64(batch.rows)
      condition.signal()
    }
  }

  /// The oldest batch, which stays in the queue until `confirm`. Waits for one; nil after `close` when all are stored, or after `abandon`.
  func next() -> Batch? {
    condition.withLock {
      while batches.isEmpty, !isClosed { condition.wait() }
      return isAbandoned ? nil : batches.first
    }
  }

  /// Rows that are in the store, looked at because `confirmed` is readable; it is so no more.
  func takeStored() -> UInt64 {
    var count: UInt64 = 0
    eventfd_read(confirmed, &count)
    return figures.stored
  }

  /// The oldest batch is in the store, and the writer's `resumeMark` is this one now.
  func confirm(mark: Int64) {
    condition.withLock {
      self.mark = mark
      let batch = batches.removeFirst()
      storedRows += UInt64(batch.rows)
      waitingRows -= UInt64(batch.rows)
      confirmedOffsets.merge(batch.offsets) { $1 }
    }
    eventfd_write(confirmed, 1)
  }

  /// Up to where all messages are in the store, as far as that was not asked before; empty when there is no news.
  func takeConfirmedOffsets() -> [Int32: Int64] {
    condition.withLock {
      defer { confirmedOffsets = [:] }
      return confirmedOffsets
    }
  }

  func report(connected: Bool, error: String?) {
    condition.withLock {
      self.connected = connected
      lastError = error
    }
  }

  /// Waits a moment between two attempts. False when there shall be no further one.
  func pause(milliseconds: Int) -> Bool {
    condition.withLock {
      if !isAbandoned { _ = condition.wait(until: Date(timeIntervalSinceNow: Double(milliseconds) / 1000)) }
      return !isAbandoned
    }
  }

  func finish() {
    condition.withLock {
      isFinished = true
      condition.broadcast()
    }
  }

  /// No more batches come. Waits until the store has them all, at most so long, and answers what is left, with the
  /// writer's mark from before it. What the store may still confirm afterwards does not count.
  func close(seconds: Double) -> (left: [Batch], mark: Int64) {
    condition.withLock {
      isClosed = true
      condition.broadcast()
      let deadline = Date(timeIntervalSinceNow: seconds)
      while !isFinished, Date() < deadline { _ = condition.wait(until: deadline) }
      isAbandoned = true
      condition.broadcast()
      return (batches, mark)
    }
  }
}
