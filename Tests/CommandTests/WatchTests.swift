import Foundation
import Testing

@Suite(.serialized) struct WatchTests {
  private struct Pass: Decodable {
    var readings: Int64?
    var verdicts: [String: Int64]?
  }

  private func passes(_ lab: LabRun) -> [Pass] {
    let text = (try? String(contentsOfFile: lab.run + "/live.ndjson", encoding: .utf8)) ?? ""
    return text.split(separator: "\n").compactMap { try? JSONDecoder().decode(Pass.self, from: Data($0.utf8)) }
  }

  @Test func lossesAreToldWhileTheRunGoesOn() throws {
    let lab = try LabRun(defects: ["drop:rate=5%"])
    let process = try lab.startPlaying("--watch", "--watch-every", "500ms", "--duration", "1h")
    defer { process.terminate() }
    try wait(for: "a loss in live.ndjson") { passes(lab).contains { ($0.verdicts?["lost"] ?? 0) > 0 } }
    process.interrupt()
    process.waitUntilExit()
    #expect(process.terminationStatus == 130)
    let last = try #require(passes(lab).last { $0.verdicts != nil })
    let whole = try lab.verdicts()
    let losses = try #require(last.verdicts?["lost"])
    #expect(losses > 0 && losses <= whole.verdicts["lost"] ?? 0)
    #expect(try #require(last.readings) <= whole.readings)
    // A part knows only what has settled, and nothing that it said was taken back.
    #expect(Set(try #require(last.verdicts).keys).isSubset(of: ["stored", "lost", "rejected", "unconfirmed", "withheld", "discarded"]))
  }

  @Test func aRunWithoutAPresentIsNotWatched() throws {
    let lab = try LabRun()
    let ended = try lab.play("--watch", "--speed", "max")
    #expect(ended.status == 2 && ended.errors.contains("--speed max"))
  }
}
