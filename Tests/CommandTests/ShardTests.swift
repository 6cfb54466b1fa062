import Foundation
import Testing

@Suite(.serialized) struct ShardRunTests {
  private static let start = ["--set", "start=2026-06-21T10:00:00Z", "--set", "pipeline.allowed_lateness=forever"]

  @Test func shardsTogetherAreTheWholeFleet() throws {
    let lab = try LabRun(defects: ["drop:rate=3%", "duplicate:rate=2%"])
    let runs = (1...3).map { lab.scratch.file("run-\($0)") }
    let ended = try concurrently(Array(runs.enumerated())) { index, run in
      try Program.run(
        ["run"] + LabRun.fleet + Self.start + ["--lab", lab.folder, "--out", run, "--quiet", "--shard", "\(index + 1)/3"])
    }
    #expect(ended.allSatisfy { $0.status == 0 }, "\(ended.map(\.errors))")
    let together = try Program.run(["reconcile", "--quiet"] + runs)
    #expect(together.status == 1, "\(together.output)\(together.errors)")
    let verdicts = try JSONDecoder().decode(LabRun.Verdicts.self, from: Data(contentsOf: URL(fileURLWithPath: runs[0] + "/verdicts.json")))
    let fleet = LabRun.fleet.filter { $0 != "--duration" && $0 != "15s" } + Self.start + ["--set", "duration=15s"]
    let traced = try Program.run(["trace"] + fleet)
    #expect(Int(verdicts.readings) == traced.output.split(separator: "\n").count)
    #expect(verdicts.verdicts["lost"] ?? 0 > 0 && verdicts.verdicts["duplicated"] ?? 0 > 0)
    for verdict in ["phantom", "corrupted", "misplaced", "collided"] { #expect(verdicts.verdicts[verdict] == 0, "\(verdict)") }

    // Without all of them, rows of the others would be taken for phantoms.
    let missing = try Program.run(["reconcile", "--quiet", runs[2], runs[0]])
    #expect(missing.status == 4 && missing.errors.contains("shard 2/3 is missing"))
    let twice = try Program.run(["reconcile", "--quiet", runs[0], runs[0]])
    #expect(twice.status == 2 && twice.errors.contains("both shard 1/3"))
  }

  @Test func aShardNeedsAStartThatAllShare() throws {
    let lab = try LabRun()
    let ended = try lab.play("--shard", "1/2")
    #expect(ended.status == 2 && ended.errors.contains("--set start="))
    #expect(try lab.play("--shard", "3/2").status == 2)
  }
}
