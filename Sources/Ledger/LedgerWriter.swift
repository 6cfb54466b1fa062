import FleetSpec
import Foundation

/// Writes batches on a thread of its own, so that the loop never waits for a disk.
public final class LedgerWriter: @unchecked Sendable {
  // Every stored property below the lock is used only while it is held; the database only by the writer's thread after `init`.
  private let condition = Condition()
  private var queue: [LedgerBatch] = []
  private var isClosing = false
  private var isDone = false
  private var error: LedgerError?
  private let database: Database
  private var statements: Statements

  private struct Statements {
    let run: Statement
    let digest: Statement
    let timeline: Statement
    let metric: Statement
    let fact: Statement
    let measured: Statement
    let histogram: Statement
  }

  /// Creates the ledger of a new run.
  /// - Parameters:
  ///   - path: must not exist.
  ///   - devices: in the order of their numbers.
  ///   - facts: rows of the table `run`.
  public init(path: String, devices: [LedgerDevice], facts: [(key: String, value: String)]) throws {
    guard access(path, F_OK) != 0 else { throw LedgerError("\(path) exists already; choose another run folder with --out") }
    database = try Database(path: path, access: .create)
    try database.execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA user_version = \(Schema.version);")
    try database.execute("BEGIN;")
    try database.execute(Schema.tables)
    let statement = try database.prepare("INSERT INTO devices VALUES (?, ?, 0, ?, ?, ?)")
    for (index, device) in devices.enumerated() {
      try statement.bind(1, Int64(index)).bind(2, device.id).bind(3, Int64(device.gateway)).bind(4, Int64(device.twinOf))
        .bind(5, Int64(device.twin)).run()
    }
    let fact = try database.prepare("INSERT INTO run VALUES (?, ?)")
    for (key, value) in facts { try fact.bind(1, key).bind(2, value).run() }
    try database.execute("COMMIT;")
    statements = Statements(
      run: try database.prepare("INSERT OR REPLACE INTO deliveries VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"),
      digest: try database.prepare("INSERT OR REPLACE INTO digests VALUES (?, ?, ?, ?, ?, ?, ?)"),
      timeline: try database.prepare("INSERT INTO timeline VALUES (?, ?, ?, ?)"),
      metric: try database.prepare("INSERT INTO metrics VALUES (?, ?, ?)"),
      fact: try database.prepare("INSERT OR REPLACE INTO run VALUES (?, ?)"),
      measured: try database.prepare("UPDATE devices SET measured = ?2 WHERE device = ?1"),
      histogram: try database.prepare("INSERT OR REPLACE INTO histograms VALUES (?, ?, ?)"))
    Thread { [self] in work() }.start()
  }

  /// Hands a batch over, if that is possible without waiting; false when the writer's thread is just taking earlier ones.
  public func offer(_ batch: LedgerBatch) -> Bool {
    guard condition.tryLock() else { return false }
    queue.append(batch)
    condition.unlock()
    condition.signal()
    return true
  }

  /// Hands a batch over.
  public func submit(_ batch: LedgerBatch) {
    condition.lock()
    queue.append(batch)
    condition.unlock()
    condition.signal()
  }

  /// The error that ended writing, or nil; also nil while the writer's thread is busy with the queue. After an error nothing more is
  /// written: the ledger ends at its last durable point.
  public var failure: LedgerError? {
    guard condition.tryLock() else { return nil }
    defer { condition.unlock() }
    return error
  }

  /// Writes what is left and ends the thread.
  public func close() throws {
    condition.lock()
    isClosing = true
    condition.broadcast()
    while !isDone { condition.wait() }
    let error = error
    condition.unlock()
    if let error { throw error }
  }

  private func work() {
    while true {
      condition.lock()
      while queue.isEmpty && !isClosing { condition.wait() }
      let batches = queue
      queue.removeAll()
      let last = isClosing
      condition.unlock()
      do {
        for batch in batches { try write(batch) }
        if last && batches.isEmpty {
          try database.execute(Schema.indexes)
          try database.execute("PRAGMA wal_checkpoint(TRUNCATE);")
        }
      } catch {
        finish(error)
        return
      }
      if last && batches.isEmpty {
        finish(nil)
        return
      }
    }
  }

  private func finish(_ error: LedgerError?) {
    condition.lock()
    self.error = error
    isDone = true
    condition.broadcast()
    condition.unlock()
  }

  private func write(_ batch: LedgerBatch) throws(LedgerError) {
    try database.execute("BEGIN IMMEDIATE;")
    do {
      try insert(batch)
      try database.execute("COMMIT;")
    } catch {
      // A failed COMMIT may have rolled back by itself; the first error is the one worth telling.
      _ = try? database.execute("ROLLBACK;")
      throw error
    }
  }

  private func insert(_ batch: LedgerBatch) throws(LedgerError) {
    for run in batch.runs {
      try statements.run.bind(1, Int64(run.device)).bind(2, Int64(run.run)).bind(3, run.firstSeq).bind(4, run.lastSeq)
        .bind(5, Int64(run.outcome)).bind(6, Int64(run.attempts)).bind(7, run.firstSent).bind(8, run.lastSent)
        .bind(9, run.acknowledgedAt).bind(10, run.delayMinimum).bind(11, run.delayMaximum)
        .bind(12, Int64(run.ids)).run()
    }
    for digest in batch.digests {
      try statements.digest.bind(1, Int64(digest.device)).bind(2, digest.firstSeq).bind(3, digest.lastSeq)
        .bind(4, Int64(digest.bucket)).bind(5, Int64(digest.version)).bind(6, Int64(digest.leftOut)).bind(7, digest.sums).run()
    }
    for entry in batch.timeline {
      try statements.timeline.bind(1, Int64(entry.device)).bind(2, entry.at).bind(3, Int64(entry.event)).bind(4, entry.seq).run()
    }
    for metric in batch.metrics { try statements.metric.bind(1, metric.at).bind(2, metric.name).bind(3, metric.value).run() }
    for (device, count) in batch.measured { try statements.measured.bind(1, Int64(device)).bind(2, count).run() }
    for (name, bound, count) in batch.histograms { try statements.histogram.bind(1, name).bind(2, bound).bind(3, count).run() }
    for (key, value) in batch.facts { try statements.fact.bind(1, key).bind(2, value).run() }
    if batch.durable > 0 { try statements.fact.bind(1, "durable_until").bind(2, String(batch.durable)).run() }
  }
}
