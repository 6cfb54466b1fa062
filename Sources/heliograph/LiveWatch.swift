import Diagnosis
import FleetSpec
import Foundation
import Glibc
import Ledger
import Reconciliation
import Report
import Simulation
import Store
import World

/// Judges a run on a thread of its own while it goes on: `run --watch`.
///
/// A pass begins an interval after the one before, and later when passes take long: they never cost more than a tenth of a core, nor keep the
/// store busy for more than half of the time.
/// Each pass is a line of `live.ndjson`; the verdict at the end does not depend on any of this.
final class LiveWatch: @unchecked Sendable {
  /// What people are to see.
  struct News: Sendable {
    var lines: [String] = []
    var summary = ""
  }

  private let folder: RunFolder
  private let world: World
  private let mapping: StoreMapping
  private let interval: TimeInterval
  private let settling: Milliseconds
  private let output: FileHandle
  /// Guards what follows, and wakes the thread at the end.
  private let condition = NSCondition()
  private var isStopping = false
  private var hasEnded = false
  private var news = News()
  private var findings = LiveFindings()

  /// A pass begins at the earliest this many times as long after the one before as that has computed.
  private static let rest = 10.0

  /// - Parameters:
  ///   - interval: wall-clock milliseconds between two passes.
  ///   - factor: simulated seconds in a second.
  init(folder: RunFolder, world: World, mapping: StoreMapping, interval: Milliseconds, factor: Double) throws {
    self.folder = folder
    self.world = world
    self.mapping = mapping
    self.interval = Double(interval) / 1_000
    settling = Milliseconds((Double(world.fleet.pipeline.settling) * factor).rounded(.up))
    guard FileManager.default.createFile(atPath: folder.liveFile, contents: nil), let file = FileHandle(forWritingAtPath: folder.liveFile)
    else {
      throw CommandFailure(.usage, "cannot write \(folder.liveFile)")
    }
    output = file
  }

  func start() {
    Thread.detachNewThread { [self] in
      // The event loop comes first; on Linux this is about the calling thread alone.
      setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 10)
      work()
      condition.withLock {
        hasEnded = true
        condition.broadcast()
      }
    }
  }

  /// Ends the thread; returns when it has ended.
  func stop() {
    condition.withLock {
      isStopping = true
      condition.broadcast()
      while !hasEnded { condition.wait() }
    }
    try? output.close()
  }

  /// Takes what has not been shown yet.
  func take() -> News {
    condition.withLock {
      defer { news.lines = [] }
      return news
    }
  }

  private func work() {
    var live: LiveReconciler?
    var store: TableRowStore?
    var next = Date().addingTimeInterval(interval)
    while waitUntil(next) {
      let begin = Date()
      next = begin.addingTimeInterval(interval)
      let processor = Self.processorSeconds()
      do {
        let reconciler =
          try live
          ?? LiveReconciler(world: world, ledger: LedgerReader(path: folder.ledgerFile), settling: settling, salt: world.fleet.seed)
        live = reconciler
        let table =
          try store ?? TableRowStore(StoreConnection(url: mapping.url, password: mapping.password?.read()), mapping, world: world)
        store = table
        reconciler.observer = findings.observer
        try reconciler.pass(table)
        findings.look()
        let seconds = Date().timeIntervalSince(begin)
        let used = Self.processorSeconds() - processor
        next = max(next, begin.addingTimeInterval(max(used * Self.rest, seconds * 2)))
        tell(reconciler.state, seconds: seconds, processor: used)
      } catch {
        // What this pass has not judged, the next one does, over a new connection.
        store = nil
        tell("not judged: \(error)")
      }
    }
  }

  /// False when the run has ended.
  private func waitUntil(_ time: Date) -> Bool {
    condition.withLock {
      while !isStopping && Date() < time { _ = condition.wait(until: time) }
      return !isStopping
    }
  }

  private func tell(_ state: LiveState, seconds: Double, processor: Double) {
    let verdicts = Verdict.allCases.filter { state.counts[$0] > 0 }
    let counts = verdicts.map { "\"\($0.rawValue)\":\(state.counts[$0])" }.joined(separator: ",")
    write(
      "{\"at\":\"\(UTC.iso(SimulatedClock.wallMilliseconds()))\",\"judged_until\":\"\(UTC.iso(state.until))\","
        + "\"readings\":\(state.counts.readings),\"verdicts\":{\(counts)},\"findings\":\(findings.json),"
        + "\"open_parts\":\(state.openParts),\"parts\":\(state.parts),"
        + "\"seconds\":\(Self.text(seconds)),\"processor_seconds\":\(Self.text(processor))}\n")
    let wrong = verdicts.filter { !$0.isPermitted }.map { ", \(Terminal.number(state.counts[$0])) \($0.rawValue)" }.joined()
    let lines = state.news.map { one in
      "\(one.verdict.rawValue): \(one.sensorID) at \(UTC.iso(one.timestamp))\(one.detail.isEmpty ? "" : ", \(one.detail)")"
        + (one.seq < 0 ? "" : "  (heliograph explain \(folder.path) --device \(one.deviceID) --seq \(one.seq))")
    }
    let found = findings.takeNew(folder: folder.path)
    condition.withLock {
      news.lines += lines + found
      news.summary = "judged \(Terminal.number(state.counts.readings))\(wrong) (\(Self.text(processor)) s of a core a pass)"
    }
  }

  private func tell(_ problem: String) {
    let text = String(decoding: (try? JSONEncoder().encode(problem)) ?? Data(), as: UTF8.self)
    write("{\"at\":\"\(UTC.iso(SimulatedClock.wallMilliseconds()))\",\"problem\":\(text)}\n")
    condition.withLock { news.lines.append(problem) }
  }

  private func write(_ line: String) {
    do {
      try output.write(contentsOf: Data(line.utf8))
    } catch {
      condition.withLock { news.lines.append("cannot write \(folder.liveFile): \(error)") }
    }
  }

  private static func text(_ seconds: Double) -> String { String(format: "%.3f", seconds) }

  private static func processorSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
