import Foundation
import Testing

@testable import Ledger

@Suite struct LedgerTests {
  private func path() -> String { NSTemporaryDirectory() + "hl-ledger-\(UUID().uuidString).sqlite" }

  private func single(_ device: Int32, _ seq: Int64, outcome: UInt8 = 1, attempts: Int32 = 1, delay: Int64 = 10) -> DeliveryRun {
    DeliveryRun(
      device: device, run: 0, firstSeq: seq, lastSeq: seq, outcome: outcome, attempts: attempts, firstSent: 1_000 + seq,
      lastSent: 1_000 + seq,
      acknowledgedAt: outcome == 1 ? 1_005 + seq : 0, delayMinimum: delay, delayMaximum: delay)
  }

  @Test func unbrokenTrafficCostsOneRowADevice() throws {
    let path = path()
    defer { try? FileManager.default.removeItem(atPath: path) }
    let writer = try LedgerWriter(path: path, devices: [LedgerDevice(id: "a"), LedgerDevice(id: "b")], facts: [])
    var book = DeliveryBook(deviceCount: 2)
    for seq in Int64(0)..<10_000 {
      book.add(single(0, seq))
      // The other device replays its backlog newest first.
      book.add(single(1, 9_999 - seq))
      if seq % 1_000 == 0 {
        var batch = LedgerBatch()
        book.drain(into: &batch)
        batch.durable = seq + 1
        writer.submit(batch)
      }
    }
    var batch = LedgerBatch()
    book.drain(into: &batch)
    writer.submit(batch)
    try writer.close()
    let reader = try LedgerReader(path: path)
    #expect(try reader.deliveryRowCount() == 2)
    for device in 0..<2 {
      let run = try #require(try reader.deliveries(of: device).first)
      #expect(run.firstSeq == 0 && run.lastSeq == 9_999 && run.firstSent == 1_000 && run.acknowledgedAt == 11_004)
    }
  }

  @Test func runsBreakWhereTheFateChanges() throws {
    var book = DeliveryBook(deviceCount: 1)
    let fates: [(UInt8, Int32, Int64)] = [(1, 1, 10), (1, 1, 20), (2, 1, 20), (1, 2, 20), (1, 1, 20), (1, 1, 90_000), (1, 1, 90_500)]
    for (seq, fate) in fates.enumerated() { book.add(single(0, Int64(seq), outcome: fate.0, attempts: fate.1, delay: fate.2)) }
    var batch = LedgerBatch()
    book.drain(into: &batch)
    #expect(batch.runs.map { [$0.firstSeq, $0.lastSeq] } == [[0, 1], [2, 2], [3, 3], [4, 4], [5, 6]])
    #expect(batch.runs.map(\.run) == [0, 1, 2, 3, 4])
  }

  @Test func aLedgerIsNeverOverwritten() throws {
    let path = path()
    defer { try? FileManager.default.removeItem(atPath: path) }
    try LedgerWriter(path: path, devices: [LedgerDevice(id: "a")], facts: []).close()
    #expect(throws: LedgerError.self) { try LedgerWriter(path: path, devices: [LedgerDevice(id: "a")], facts: []) }
  }

  @Test func otherFilesAreRefusedInWords() throws {
    let path = path()
    defer { try? FileManager.default.removeItem(atPath: path) }
    try "this is no database, whatever its name says; it is long enough to be looked at".write(
      toFile: path, atomically: true, encoding: .utf8)
    let error = #expect(throws: LedgerError.self) { try LedgerReader(path: path) }
    #expect(error?.description.contains("not a readable ledger") == true)
  }

  @Test func everyTableAndColumnIsDocumented() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let text = try String(contentsOf: root.appendingPathComponent("docs/ledger.md"), encoding: .utf8)
    let names = Schema.tables.split(separator: "\n").compactMap { line -> String? in
      let words = line.split(separator: " ")
      if words.starts(with: ["CREATE", "TABLE"]) { return String(words[2]) }
      return words.count >= 2 && ["INTEGER", "TEXT"].contains(words[1]) ? String(words[0]) : nil
    }
    #expect(names.count > 20)
    for name in names { #expect(text.contains("`\(name)`"), "docs/ledger.md does not mention \(name)") }
  }
}
