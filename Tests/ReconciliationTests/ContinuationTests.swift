import FleetSpec
import Foundation
import Reconciliation
import Testing
import World

/// A reconciliation that is broken off anywhere and continued comes to the same verdicts as one that is not.
@Suite struct ContinuationTests {
  private func troubled(seed: UInt64) throws -> History {
    let history = try History(seed: seed, devices: 6, duration: "20m", clock: "{offset: 200ms}")
    let random = RandomStream(seed: seed, device: 0, stream: 910_000)
    for device in history.readings.indices {
      for reading in history.readings[device] {
        history.tell(device, reading.seq)
        var row = history.row(device, reading.seq)
        switch random.uniform(UInt64(device * 10_000) + UInt64(reading.seq)) {
        case ..<0.1: continue
        case ..<0.2: history.store.rows.append(row)
        case ..<0.3: row.value = (row.value ?? 0) + 1
        case ..<0.4: row.timestampMicroseconds += 1_701_000
        case ..<0.45: row.timestampMicroseconds /= 1_000
        default: break
        }
        history.store.rows.append(row)
      }
    }
    var phantom = history.row(0, 3)
    phantom.sensorID = "d-1.nobody"
    history.store.rows.append(phantom)
    return history
  }

  private func text(_ one: Reconciliation.Exception) -> String {
    "\(one.verdict) \(one.sensorID) \(one.boot) \(one.seq) \(one.timestamp) \(one.detail)"
  }

  /// Works until it is asked to stop, again and again, each time with a new `Reconciler`.
  /// - Parameter patience: how often it may be asked whether to stop, before it is.
  private func judgeInPieces(
    _ history: History, ledger: String, patience: Int, change: ((Int) -> Void)? = nil
  ) throws -> (History.Outcome, pieces: Int) {
    var told: [Reconciliation.Exception] = []
    for piece in 1...10_000 {
      var asked = 0
      var starts = true
      history.watch = { reconciler in
        reconciler.shouldStop = {
          asked += 1
          return asked > patience
        }
        reconciler.onBegin = { length in
          #expect(length <= told.count)
          told.removeSubrange(Int(length)...)
          starts = false
        }
        reconciler.onSave = { Int64(told.count) }
        reconciler.onException = { exception in
          #expect(!starts)
          told.append(exception)
        }
      }
      do {
        let outcome = try history.judge(ledger: ledger, salt: UInt64(piece)) { options in
          options.workFolder = history.folder + "/work"
          options.rowMemory = 2_000
          options.pairsInMemory = 50
        }
        return (History.Outcome(result: outcome.result, exceptions: told, breakdown: outcome.breakdown), piece)
      } catch is ReconciliationInterrupted {
        #expect(FileManager.default.fileExists(atPath: history.folder + "/work/state.json"))
        change?(piece)
      }
    }
    throw StopError()
  }

  private struct StopError: Error {}

  @Test(arguments: [(1, 3, true), (2, 4, false), (3, 5, true), (4, 9, false), (5, 8, true)] as [(UInt64, Int, Bool)])
  func verdictsAreThoseOfOnePass(seed: UInt64, patience: Int, findsByTime: Bool) throws {
    let history = try troubled(seed: seed)
    history.keepsDigests = seed % 2 == 0
    history.store.findsByTime = findsByTime
    let ledger = try history.writeLedger()
    let whole = try history.judge(ledger: ledger, salt: 1)
    let (parts, pieces) = try judgeInPieces(history, ledger: ledger, patience: patience) { _ in
      // As if the process had gone on for a while, and been killed before it could write down how far it came.
      for name in ["rows-0", "rows-3", "pairs", "pairs-first"] {
        let path = history.folder + "/work/" + name
        let present = FileManager.default.contents(atPath: path) ?? Data()
        if name != "pairs-first" || !present.isEmpty {
          try? (present + Data(repeating: 7, count: 131)).write(to: URL(fileURLWithPath: path))
        }
      }
    }
    #expect(pieces > 1)
    #expect(parts.result.verdicts == whole.result.verdicts)
    #expect(parts.exceptions.map(text).sorted() == whole.exceptions.map(text).sorted())
    #expect(parts.result.findings.map(\.title) == whole.result.findings.map(\.title))
    #expect(!FileManager.default.fileExists(atPath: history.folder + "/work"))
  }

  @Test func aStoreThatHasChangedIsJudgedAnew() throws {
    let history = try troubled(seed: 9)
    let ledger = try history.writeLedger()
    let (parts, _) = try judgeInPieces(history, ledger: ledger, patience: 6) { piece in
      if piece == 2 { history.store.rows.removeLast(100) }
    }
    history.watch = { _ in }
    let whole = try history.judge(ledger: ledger, salt: 1)
    #expect(parts.result.verdicts == whole.result.verdicts)
    #expect(parts.exceptions.map(text).sorted() == whole.exceptions.map(text).sorted())
  }

  /// A folder of another run, or one that makes no sense, is not continued.
  @Test(arguments: ["{}", "no text in JSON", ""]) func whatCannotBeContinuedIsForgotten(state: String) throws {
    let history = try troubled(seed: 3)
    let folder = history.folder + "/work"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for name in ["state.json", "cells", "rows-0", "pairs"] {
      try state.write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
    }
    let whole = try history.judge()
    let outcome = try history.judge {
      $0.workFolder = folder
      $0.rowMemory = 0
      $0.pairsInMemory = 0
    }
    #expect(outcome.result.verdicts == whole.result.verdicts)
    #expect(!FileManager.default.fileExists(atPath: folder))
  }
}
