import Foundation
import Testing

@Suite struct PlotTests {
  @Test func traceAndPlanDrawPictures() throws {
    let scratch = try Scratch()
    let long = ["--set", "duration=2h"]
    let device = scratch.file("device.svg")
    let traced = try Program.run(["trace", "fleets/quickstart.yaml", "--device", "inv-0001", "--plot", device] + long)
    #expect(traced.status == 0 && traced.output.isEmpty && traced.errors.isEmpty, "\(traced)")
    #expect(scratch.text("device.svg").contains("quickstart, seed 1: inv-0001"))
    let site = try Program.run(["trace", "fleets/quickstart.yaml", "--site", "site-03", "--plot", scratch.file("site.svg")] + long)
    #expect(site.status == 0 && scratch.text("site.svg").contains("quickstart, seed 1: site-03"), "\(site)")
    let plan = try Program.run(["plan", "fleets/quickstart.yaml", "--duration", "2h", "--plot", scratch.file("plan.svg")])
    #expect(plan.output.contains("network outages"), "\(plan)")
    #expect(scratch.text("plan.svg").hasSuffix("</svg>\n") && scratch.text("plan.svg").contains("Outage map by site"))
    let again = scratch.file("again.svg")
    _ = try Program.run(["trace", "fleets/quickstart.yaml", "--device", "inv-0001", "--plot", again] + long)
    #expect(scratch.text("again.svg") == scratch.text("device.svg"))
  }

  @Test func oneSiteOnlyIsTraced() throws {
    let lines = try Program.run("trace", "fleets/quickstart.yaml", "--site", "site-03", "--to", "10s").output.split(separator: "\n")
    #expect(lines.count > 300 && lines.allSatisfy { $0.contains("\"site_id\":\"site-03\"") })
  }

  /// Each ends with 2 and one line that says what is wrong; no picture, or part of one, is left behind.
  @Test(arguments: [
    (["trace", "--device", "inv-9999"], "no device 'inv-9999'"), (["trace", "--site", "site-99"], "no site 'site-99'"),
    (["trace", "--device", "inv-0001", "--site", "site-02"], "none of the devices named"), (["trace", "--from", "2m"], "nothing to draw"),
  ])
  func wrongOptionsEndWithTwo(arguments: [String], complaint: String) throws {
    let scratch = try Scratch()
    let ended = try Program.run([arguments[0], "fleets/quickstart.yaml"] + arguments.dropFirst() + ["--plot", scratch.file("a.svg")])
    #expect(ended.status == 2 && ended.output.isEmpty, "\(ended)")
    #expect(ended.errors.contains(complaint) && ended.errors.split(separator: "\n").count == 1, "\(ended)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path).allSatisfy { !$0.contains("svg") })
  }

  @Test(arguments: ["trace", "plan"]) func aFileThatCannotBeWrittenEndsWithTwo(command: String) throws {
    let scratch = try Scratch()
    for path in [scratch.file("none/a.svg"), scratch.path] {
      let ended = try Program.run(command, "fleets/quickstart.yaml", "--plot", path)
      #expect(ended.status == 2 && ended.output.isEmpty, "\(ended)")
      #expect(ended.errors.hasPrefix("heliograph: --plot: cannot write \(path): "), "\(ended)")
      #expect(ended.errors.split(separator: "\n").count == 1, "\(ended)")
    }
  }
}
