import Foundation
import Lab
import Testing

/// The main job over HTTP: nginx, the reference pipeline and PostgreSQL.
@Suite(.serialized) struct HTTPTransportTests {
  /// One fleet and one seed, once over each protocol.
  @Test func theProtocolMakesNoDifferenceToTheVerdicts() throws {
    let start = ["--set", "start=2026-06-21T10:00:00Z"]
    let outcomes = try concurrently(["mqtt", "http"]) { name in
      let lab = try LabRun(options: name == "http" ? ["--http"] : [])
      let ended = try Program.run(lab.playArguments.filter { $0 != "--quiet" } + start)
      return (name, lab, ended)
    }
    var verdicts: [String: [String: Int64]] = [:]
    for (name, lab, ended) in outcomes {
      #expect(ended.status == 0, "\(name): \(ended.output)\(ended.errors)")
      let judged = try lab.verdicts()
      for broken in ["lost", "duplicated", "corrupted", "misplaced", "phantom", "accepted_malformed", "collided", "pending"] {
        #expect(judged.verdicts[broken] == 0, "\(name): \(broken)")
      }
      #expect(judged.verdicts["rejected"] ?? 0 > 0 && judged.delivery["redelivered"] ?? 0 > 0)
      #expect(try lab.expectVerdictsEqualTruth().isEmpty)
      verdicts[name] = judged.verdicts
      if name == "http" { #expect(ended.output.contains("202: ") || ended.output.contains("status 202: "), "\(ended.output)") }
    }
    #expect(verdicts["http"]?["stored"] == verdicts["mqtt"]?["stored"])
    #expect(verdicts["http"]?["rejected"] == verdicts["mqtt"]?["rejected"])
  }

  @Test func versionTwoPackedAndWithAFrontThatDies() throws {
    let lab = try LabRun(options: ["--http"])
    let more = ["--set", "transport.http.version=2", "--set", "transport.http.compression=gzip", "--set", "drain=40s"]
    let process = try Program.start(lab.playArguments + more, output: lab.scratch.file("out"), errors: lab.scratch.file("err"))
    try wait(for: "a first acknowledgement") { lab.metric("acknowledged") > 200 }
    try lab.lab.kill(.front, signal: SIGKILL)
    try lab.lab.start(.front)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0, "\(lab.scratch.text("out"))\(lab.scratch.text("err"))")
    let judged = try lab.verdicts()
    #expect(judged.verdicts["lost"] == 0 && judged.verdicts["duplicated"] == 0 && judged.delivery["connections_lost"] ?? 0 > 0)
  }

  @Test func aWrongTokenEndsTheRunWithTheTokensPlace() throws {
    let lab = try LabRun(options: ["--http"])
    let token = lab.scratch.file("token")
    try "not-the-token\n".write(toFile: token, atomically: true, encoding: .utf8)
    let ended = try lab.play("--set", "transport.http.token.file=\(token)")
    #expect(ended.status == 3)
    #expect(ended.errors.contains("401 Unauthorized") && ended.errors.contains(token) && ended.errors.contains("first met by"))
    #expect(!ended.errors.contains("not-the-token"))
  }
}
