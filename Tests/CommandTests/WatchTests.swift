import Foundation
import Testing

@Suite(.serialized) struct WatchTests {
  private struct Pass: Decodable {
    var readings: Int64?
    var verdicts: [String: Int64]?
    var findings: [LabRun.Diagnosed.Finding]?
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

  /// A finding is told once, with its evidence and an example, while the run goes on.
  @Test func findingsAreToldWhileTheRunGoesOn() throws {
    let lab = try LabRun(defects: ["site-loss:site=site-03,rate=60%"])
    let arguments = lab.playArguments.filter { $0 != "--quiet" } + ["--watch", "--watch-every", "500ms", "--duration", "1h"]
    let process = try Program.start(arguments, output: lab.scratch.file("out"), errors: lab.scratch.file("err"))
    defer { process.terminate() }
    try wait(for: "a finding") { lab.scratch.text("err").contains("loss_by_site: so far it loses") }
    let found = passes(lab).count
    try wait(for: "two more passes") { passes(lab).count >= found + 2 }
    process.interrupt()
    process.waitUntilExit()
    #expect(process.terminationStatus == 130)
    let finding = try #require(passes(lab).last { !($0.findings ?? []).isEmpty }?.findings?.first)
    #expect(finding.cause == "loss_by_site" && !finding.evidence.isEmpty)
    let example = try #require(finding.examples.first)
    let explained = try Program.run("explain", lab.run, "--device", example.deviceID, "--seq", String(example.seq))
    #expect(explained.status == 0 && explained.output.contains("lost"), "\(explained.output)\(explained.errors)")
    // One line when it is found, none when it is found again.
    let told = lab.scratch.text("err").split(separator: "\n").filter { $0.contains("loss_by_site: so far it loses") }
    #expect(told.count == 1 && told[0].contains("heliograph explain"), "\(told)")
  }

  @Test func aRunWithoutAPresentIsNotWatched() throws {
    let lab = try LabRun()
    let ended = try lab.play("--watch", "--speed", "max")
    #expect(ended.status == 2 && ended.errors.contains("--speed max"))
  }
}
