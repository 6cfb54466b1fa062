import FleetSpec
import Foundation
import Ledger
import World

/// Thrown by a reconciliation that was asked to stop. What it has found out is kept, when it has a folder for that.
public struct ReconciliationInterrupted: Error {
  public init() {}
}

/// How far a reconciliation has come: all that is needed to go on from there, beside the files next to it.
struct SavedReconciliation: Codable {
  /// Steps that are complete.
  struct Position: Codable, Equatable {
    /// Devices.
    var expected = 0
    /// Stretches of time.
    var digested = 0
    /// Queries for rows.
    var gathered = 0
    var isGathered = false
    /// Partitions of the rows put aside.
    var judged = 0
    /// Blocks of pending pairs, the one in memory among them.
    var settled = 0
    var hasToldForeign = false
  }

  /// What must be the same for the work to be continued.
  var signature: String
  var salt: UInt64
  var position = Position()
  /// Rows in the window when the store had come to rest; nil when it was not asked yet.
  var restingRows: Int64?
  var isDrained: Bool
  var arrivedUntil: Milliseconds
  var least: Int64
  var peculiarBuckets: Int
  var counts: VerdictCounts
  var tally: VerdictTally
  var work: WorkSummary
  var shifts: Tally
  var exceptions: ExceptionList
  var outliers: Outliers
  var devicesToTell: [Int]
  var foreignSensors: Tally
  var sampled: [Int]
  var sampleFailures: Int64
  var keptDevices: [Bool]
  var keptFailures: Int64
  var journal: VerdictJournal
  var rowsPutAside: RowSpill.Mark
  var pairs: PendingPairs.Saved
  var common: [Int64]
  /// Bytes of the list of exceptions.
  var outputLength: Int64

  static let stateFile = "state.json"
  static let cellsFile = "cells"

  /// What a saved state depends on: the run, the store, and the form of the files.
  static func signature(_ facts: RunFacts, _ world: World, _ options: ReconciliationOptions) -> String {
    let text = [
      "2", facts.runID, facts.state, "\(facts.durableUntil)", "\(facts.wallEnd)", "\(world.fleet.seed)", "\(world.start)",
      "\(world.devices.count)", "\(world.sensorCount)", "\(world.fleet.duration)", "\(world.fleet.pipeline)", options.place,
      "\(options.usesKeptDigests)", "\(MemoryLayout<MissingItem>.stride)", "\(MemoryLayout<Missing>.stride)",
      "\(MemoryLayout<Stray>.stride)", "\(RowCodec.size)",
    ].joined(separator: "|")
    // FNV-1a (Fowler, Noll, Vo): short, and the pipeline's text need not be kept.
    let hash = text.utf8.reduce(UInt64(0xcbf2_9ce4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    return String(hash, radix: 16)
  }

  /// The state in a folder, or nil when there is none that could be continued.
  static func load(_ path: String?, signature: String) -> SavedReconciliation? {
    guard let path, let data = FileManager.default.contents(atPath: "\(path)/\(stateFile)"),
      let saved = try? decoder.decode(SavedReconciliation.self, from: data), saved.signature == signature
    else { return nil }
    return saved
  }

  func encoded() throws -> Data {
    let encoder = JSONEncoder()
    encoder.nonConformingFloatEncodingStrategy = .convertToString(positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return try encoder.encode(self)
  }

  private static var decoder: JSONDecoder {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return decoder
  }
}

extension Reconciler {
  /// A point at which everything is consistent: here the work may be broken off, and is written down from time to time.
  func pass(_ position: SavedReconciliation.Position) throws {
    self.position = position
    if shouldStop() { throw ReconciliationInterrupted() }
    guard options.workFolder != nil, wallClock() - lastSaved > Self.saveEvery else { return }
    try save()
  }

  /// Milliseconds.
  private static let saveEvery: Milliseconds = 60_000

  /// For the middle of a step, which is then done again.
  func stopIfAsked() throws { if shouldStop() { throw ReconciliationInterrupted() } }

  /// Writes down how far the work has come.
  func save() throws {
    lastSaved = wallClock()
    guard options.workFolder != nil else { return }
    let folder = try workspaceFolder.opened()
    if spill.count > 0 { try spill.flush() }
    try table.withBytes { try folder.replace(SavedReconciliation.cellsFile, with: $0) }
    let saved = SavedReconciliation(
      signature: signature, salt: options.salt, position: position, restingRows: restingRows, isDrained: isDrained,
      arrivedUntil: arrivedUntil, least: least, peculiarBuckets: peculiarBuckets, counts: counts, tally: tally, work: work, shifts: shifts,
      exceptions: exceptions, outliers: outliers, devicesToTell: devicesToTell.sorted(), foreignSensors: foreignSensors,
      sampled: sampled.sorted(), sampleFailures: sampleFailures, keptDevices: keptDevices, keptFailures: keptFailures, journal: journal,
      rowsPutAside: spill.mark, pairs: try pairs.save(), common: commonShifts, outputLength: try onSave?() ?? 0)
    // Last, and in one piece: whoever finds it finds all else.
    try saved.encoded().withUnsafeBytes { try folder.replace(SavedReconciliation.stateFile, with: $0) }
    folder.isKept = true
  }

  /// Goes on from where an earlier process has stopped, if the store is still the same; else from the beginning.
  func begin() throws {
    lastSaved = wallClock()
    guard let saved else {
      try startAfresh()
      return
    }
    position = saved.position
    least = saved.least
    if let resting = saved.restingRows {
      arrivedUntil = saved.arrivedUntil
      try waitForStore(atLeast: saved.least)
      guard restingRows == resting, isDrained == saved.isDrained else {
        try startAfresh()
        return
      }
    }
    guard try restoreTable() else {
      try startAfresh()
      return
    }
    (isDrained, peculiarBuckets, counts, work) = (saved.isDrained, saved.peculiarBuckets, saved.counts, saved.work)
    tally = saved.tally
    (shifts, exceptions, outliers) = (saved.shifts, saved.exceptions, saved.outliers)
    (devicesToTell, foreignSensors, sampled) = (Set(saved.devicesToTell), saved.foreignSensors, Set(saved.sampled))
    (sampleFailures, keptDevices, keptFailures) = (saved.sampleFailures, saved.keptDevices, saved.keptFailures)
    (journal, commonShifts) = (saved.journal, saved.common)
    try spill.adopt(saved.rowsPutAside)
    try pairs.restore(saved.pairs)
    try workspaceFolder.opened().isKept = true
    try onBegin?(saved.outputLength)
  }

  private func restoreTable() throws -> Bool {
    try workspaceFolder.opened().read(SavedReconciliation.cellsFile) { table.restore($0) }
  }

  private func startAfresh() throws {
    position = SavedReconciliation.Position()
    restingRows = nil
    try workspaceFolder.clear()
    try onBegin?(0)
  }
}
