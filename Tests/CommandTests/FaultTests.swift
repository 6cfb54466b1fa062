import Foundation
import Testing

/// Faults at run time end in a true ledger: nothing lost, nothing claimed.
@Suite(.serialized) struct FaultTests {
  private func expectNothingClaimed(_ lab: LabRun) throws {
    let verdicts = try lab.verdicts()
    for broken in ["lost", "duplicated", "corrupted", "misplaced", "phantom", "collided", "pending"] {
      #expect(verdicts.verdicts[broken] == 0, "\(broken): \(verdicts.verdicts)")
    }
    #expect(verdicts.verdicts.filter { $0.key != "phantom" }.values.reduce(0, +) == verdicts.readings)
  }

  @Test func aBrokerThatIsKilledAndComesBack() throws {
    let lab = try LabRun()
    let process = try lab.startPlaying("--set", "duration=40s")
    try wait(for: "connected devices") { lab.metric("connected") > 50 && lab.metric("published") > 300 }
    try lab.lab.kill(.broker, signal: SIGKILL)
    try wait(for: "devices to notice") { lab.metric("connected") == 0 }
    try lab.lab.start(.broker)
    try wait(for: "devices to come back") { lab.metric("connected") > 50 }
    process.waitUntilExit()
    #expect(process.terminationStatus == 0, "\(lab.scratch.text("out"))\(lab.scratch.text("err"))")
    try expectNothingClaimed(lab)
    #expect(try lab.verdicts().delivery["connections_lost"] ?? 0 > 50)
  }

  @Test func aRunThatIsKilledIsJudgedByWhatIsThere() throws {
    let lab = try LabRun()
    let process = try lab.startPlaying()
    try wait(for: "published readings") { lab.metric("published") > 300 }
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    let ended = try lab.reconcile()
    #expect(ended.status == 0, "\(ended.output)\(ended.errors)")
    #expect(try lab.verdicts().runState == "killed")
    #expect(try lab.verdicts().verdicts["stored"] ?? 0 > 200)
    try expectNothingClaimed(lab)
    #expect(try lab.retainedStatus(site: "site-01", device: "inv-0001") == "offline")
  }

  /// A limit on the size of files fails as a full disk does: in the middle of a write.
  @Test func aLedgerThatCannotGrowEndsTheRunInTime() throws {
    let lab = try LabRun()
    let arguments = lab.playArguments.map { "'\($0)'" }.joined(separator: " ")
    let process = try Program.start(
      shell: "ulimit -f 160; exec '\(Program.path)' \(arguments)", output: lab.scratch.file("out"), errors: lab.scratch.file("err"))
    process.waitUntilExit()
    #expect(process.terminationReason == .exit && process.terminationStatus == 3, "\(lab.scratch.text("err"))")
    #expect(lab.scratch.text("err").contains("the ledger cannot be written"))
    let ended = try lab.reconcile()
    #expect(ended.status == 0, "\(ended.output)\(ended.errors)")
    try expectNothingClaimed(lab)
    #expect(try lab.verdicts().verdicts["stored"] ?? 0 > 0)
  }

  /// Nothing is acknowledged at QoS 0, so nothing can be claimed.
  @Test func withoutAcknowledgementsNothingIsClaimed() throws {
    let lab = try LabRun(defects: ["drop:rate=5%"])
    let fleet = lab.scratch.file("fleet.yaml")
    try """
    include: [\(Program.repository.path)/fleets/quickstart.yaml]
    fleet: unacknowledged
    devices: [{profile: string-inverter, count: 30, id: "inv-{n:4}"}]
    profiles: {string-inverter: {connection: {qos: 0}}}
    duration: 8s
    """.write(toFile: fleet, atomically: true, encoding: .utf8)
    let ended = try Program.run("run", fleet, "--lab", lab.folder, "--out", lab.run, "--quiet")
    #expect(ended.status == 0, "\(ended.output)\(ended.errors)")
    #expect(try lab.verdicts().verdicts["unconfirmed"] ?? 0 > 0)
    try expectNothingClaimed(lab)
  }

  @Test(arguments: [SIGINT, SIGTERM]) func aRunThatIsInterruptedEndsInGoodOrder(signal: Int32) throws {
    let lab = try LabRun()
    let process = try lab.startPlaying()
    try wait(for: "published readings") { lab.metric("published") > 300 }
    kill(process.processIdentifier, signal)
    process.waitUntilExit()
    #expect(process.terminationReason == .exit && process.terminationStatus == 130)
    #expect(try lab.verdicts().runState == "interrupted")
    try expectNothingClaimed(lab)
  }

  @Test func aStoreThatStopsWhileItIsRead() throws {
    let lab = try LabRun()
    #expect(try lab.play("--no-reconcile", "--duration", "6s").status == 0)
    let process = try Program.start(["reconcile", lab.run], output: lab.scratch.file("out"), errors: lab.scratch.file("err"))
    try wait(for: "the reconciliation to wait for the store") { lab.scratch.text("err").contains("waiting") }
    try lab.lab.stop(.store)
    process.waitUntilExit()
    #expect(process.terminationStatus == 3, "\(lab.scratch.text("err"))")
    #expect(lab.scratch.text("err").contains("judge the run later with 'heliograph reconcile"))
    #expect(try lab.reconcile().status == 3)
    let told = try Program.run("explain", lab.run, "--device", "inv-0001", "--seq", "0")
    #expect(told.status == 3 && told.output.contains("acknowledged") && told.output.contains("no verdict"), "\(told.output)\(told.errors)")
    try lab.lab.start(.store)
    #expect(try lab.reconcile().status == 0)
    try expectNothingClaimed(lab)
  }

  @Test func aBrokerThatIsNotThere() throws {
    let lab = try LabRun()
    try lab.lab.stop(.broker)
    let ended = try lab.play("--duration", "2s")
    #expect(ended.status == 3)
    #expect(ended.errors.contains("cannot be reached"), "\(ended.errors)")
  }

  @Test func wrongCredentialsAndAuthoritiesAreNamed() throws {
    let lab = try LabRun()
    let wrong = lab.scratch.file("wrong-password")
    try "wrong\n".write(toFile: wrong, atomically: true, encoding: .utf8)
    let refused = try Program.run(
      "doctor", try overlay(lab, "transport: {mqtt: {password: {file: \(wrong)}}}"), "--lab", lab.folder + "/../plain")
    #expect(refused.status == 3 && refused.output.contains("check user and password"), "\(refused.output)\(refused.errors)")
    let name = try Program.run(
      "doctor", try overlay(lab, "transport: {mqtt: {server_name: elsewhere.example}}"), "--lab", lab.folder + "/../plain")
    #expect(name.status == 3 && name.output.lowercased().contains("hostname mismatch"), "\(name.output)\(name.errors)")
  }

  /// A lab folder whose connection file is the real one with something changed.
  private func overlay(_ lab: LabRun, _ change: String) throws -> String {
    let folder = lab.scratch.file("plain")
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try "include: [\(lab.folder)/connection.yaml]\n\(change)\n".write(
      toFile: folder + "/connection.yaml", atomically: true, encoding: .utf8)
    return "fleets/quickstart.yaml"
  }
}
