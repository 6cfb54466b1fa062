import Foundation
import Testing

/// The main job on real parts: mosquitto, PostgreSQL, the reference pipeline and its defects.
@Suite(.serialized) struct PipelineTests {
  static let defects = [
    "drop:rate=2%", "duplicate:rate=2%", "dedup-window:window=1s", "late-cutoff:after=5s", "similar-value-dedup:within=0.001%,window=8s",
    "corrupt-value:rate=2%,how=scale", "shift-timestamp:rate=2%,by=1h", "wrong-time-unit:rate=2%,as=us", "crash-replay:every=300,rows=50",
    "phantom:rate=1%",
  ]

  @Test func aHealthyPipelinePasses() throws {
    let lab = try LabRun()
    let ended = try lab.play()
    #expect(ended.status == 0, "\(ended.output)\(ended.errors)")
    let verdicts = try lab.verdicts()
    for broken in ["lost", "duplicated", "corrupted", "misplaced", "phantom", "accepted_malformed", "collided", "pending"] {
      #expect(verdicts.verdicts[broken] == 0, "\(broken)")
    }
    // The pipeline had something to cope with.
    for hardship in ["redelivered", "repeated", "held_back", "connections_lost"] {
      #expect(verdicts.delivery[hardship] ?? 0 > 0, "\(hardship)")
    }
    #expect(verdicts.verdicts["rejected"] ?? 0 > 0)
    #expect(try lab.expectVerdictsEqualTruth().isEmpty)
    // A second judgement says the same.
    #expect(try lab.reconcile().status == 0)
    #expect(try lab.verdicts().verdicts == verdicts.verdicts)
    try explainOne(lab)
    try reportOne(lab)
  }

  /// The report was written with the verdicts, and is written anew from the folder alone.
  private func reportOne(_ lab: LabRun) throws {
    let path = lab.run + "/report.html"
    let page = try String(contentsOfFile: path, encoding: .utf8)
    #expect(page.contains("<strong>PASSED</strong>") && page.contains("From measurement to store"))
    #expect(!page.contains("Not recorded") && !page.contains("Not observable"))
    let password = try String(contentsOfFile: lab.folder + "/secrets/mqtt-password", encoding: .utf8).split(separator: "\n").first ?? ""
    #expect(!password.isEmpty && !page.contains(password))
    #expect(try Program.run("report", lab.run).output == "report  \(path)\n")
    #expect(try String(contentsOfFile: path, encoding: .utf8) == page)
    let markdown = try Program.run("report", lab.run, "--format", "markdown", "--against", lab.run)
    #expect(markdown.status == 0 && markdown.output.contains("PASSED") && markdown.output.contains("Same fleet and same seed"))
    for format in ["junit", "json"] {
      let ended = try Program.run("report", lab.run, "--format", format)
      #expect(ended.status == 0 && ended.output.contains(format == "junit" ? "<testsuites" : "heliograph.report/1"))
    }
    #expect(try Program.run("report", lab.run, "--open", "--format", "json").status == 2)
  }

  private func explainOne(_ lab: LabRun) throws {
    let told = try Program.run("explain", lab.run, "--device", "inv-0001", "--seq", "0")
    #expect(told.status == 0)
    for part in ["measured", "first sent", "acknowledged", "row: value", "stored"] { #expect(told.output.contains(part), "\(part)") }
    #expect(try Program.run("explain", lab.run, "--device", "inv-0001", "--seq", "99999").status == 2)
    let doctor = try Program.run("doctor", "fleets/quickstart.yaml", "--lab", lab.folder)
    #expect(doctor.status == 0 && doctor.output.contains("table mapping"))
  }

  @Test func eachDefectIsJudgedExactly() throws {
    let outcomes = try concurrently(Self.defects) { defect in
      let lab = try LabRun(defects: [defect])
      return (defect, lab, try lab.play())
    }
    for (defect, lab, ended) in outcomes {
      let name = String(defect.prefix { $0 != ":" })
      #expect(ended.status == 1, "\(name): \(ended.output)\(ended.errors)")
      #expect(try lab.expectVerdictsEqualTruth() == [name])
    }
  }

  @Test func allDefectsAtOnceAreJudgedExactly() throws {
    let lab = try LabRun(defects: Self.defects)
    let ended = try lab.play()
    #expect(ended.status == 1, "\(ended.output)\(ended.errors)")
    #expect(try lab.expectVerdictsEqualTruth().count >= 8)
    // Each reading that the report shows is explained with the verdict that it has there.
    for (device, seq, verdict) in try lab.examples() {
      let told = try Program.run("explain", lab.run, "--device", device, "--seq", String(seq))
      let last = told.output.split(separator: "\n").last ?? ""
      #expect(last.hasPrefix(verdict.replacingOccurrences(of: "_", with: " ")), "\(device) \(seq) is \(verdict): \(last)")
    }
  }

  @Test func clientCertificatesAreShownByEachDevice() throws {
    let scratch = try Scratch()
    // The certificates are made for the devices of the fleet file, so this one is as small as the run.
    let fleet = scratch.file("fleet.yaml")
    try """
    fleet: certified
    include: [\(Program.repository.path)/fleets/quickstart.yaml]
    devices: [{profile: string-inverter, count: 20, id: "inv-{n:4}"}]
    duration: 6s
    """.write(toFile: fleet, atomically: true, encoding: .utf8)
    let lab = try LabRun(options: ["--client-certificates", "--fleet", fleet])
    let ended = try Program.run("run", fleet, "--lab", lab.folder, "--out", lab.run, "--quiet")
    #expect(ended.status == 0, "\(ended.errors)")
    // Without its certificate a device is refused, and the doctor says what is missing.
    let doctor = try Program.run("doctor", fleet, "--lab", lab.folder)
    #expect(doctor.status == 0, "\(doctor.output)")
  }
}
