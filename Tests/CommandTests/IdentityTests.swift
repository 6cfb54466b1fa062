import Foundation
import Ledger
import Testing

/// Gateways, clones, second links and repeats of every kind, on real parts.
@Suite(.serialized) struct IdentityTests {
  private static func fleet(in scratch: Scratch) throws -> String {
    let path = scratch.file("fleet.yaml")
    try """
    fleet: identities
    include: [\(Program.repository.path)/fleets/quickstart.yaml]
    seed: 5
    duration: 15s
    drain: 30s
    devices:
      - { profile: string-inverter, count: 24, id: "inv-{n:3}", clones: 15 %, second_link: 25 % }
      - profile: cellular-environment-sensor
        count: 40
        id: "env-{n:3}"
        sites: [site-01, site-02]
        gateway: { profile: box, devices: 8, id: "gw-{site}-{n}", radio_loss: 2 % }
        clones: 10 %
        second_link: 20 %
    profiles:
      box:
        description: a gateway that replays whole batches
        interval: 10s
        sensors: []
        power_outages: { every: 30s, length: 2s, spread: 0.5 }
        connection: { backoff_base: 200ms, backoff_maximum: 2s }
        faults: { batch_replays: { every: 6s, size: 60 } }
    faults: { redelivery: 1 %, repeats: 2 %, repeats_with_new_id: 2 %, repeat_after: 1s..4s, late: 1 %, late_by: 2s..5s }
    """.write(toFile: path, atomically: true, encoding: .utf8)
    return path
  }

  @Test func aFleetOfTwinsAndGatewaysPasses() throws {
    let lab = try LabRun()
    let fleet = try Self.fleet(in: lab.scratch)
    let plan = try Program.run("plan", fleet)
    #expect(plan.status == 0 && plan.output.contains("messages to the broker"), "\(plan.output)\(plan.errors)")
    let ended = try Program.run("run", fleet, "--lab", lab.folder, "--out", lab.run, "--quiet")
    #expect(ended.status == 0, "\(ended.output)\(ended.errors)")
    let verdicts = try lab.verdicts()
    for broken in ["lost", "duplicated", "corrupted", "misplaced", "phantom", "collided", "pending"] {
      #expect(verdicts.verdicts[broken] == 0, "\(broken): \(verdicts.verdicts)")
    }
    #expect(verdicts.verdicts["discarded"] ?? 0 > 0, "the radio lost nothing")
    #expect(verdicts.verdicts.filter { $0.key != "phantom" }.values.reduce(0, +) == verdicts.readings)
    // Each kind of repeat, and the fight of clones for their connection.
    let counts = try LedgerReader(path: lab.run + "/ledger.sqlite").eventCounts()
    for event in [UInt8(2), 7, 8, 9, 13, 40, 41] { #expect(counts[event] ?? 0 > 0, "event \(event) never happened: \(counts)") }
    // A gateway's status is its own, as its connection is.
    #expect(try lab.retainedStatus(site: "site-01", device: "gw-site-01-1") == "online")
  }

  /// A second link is no other reading: a trace has each reading once, a clone's under its own boot numbers.
  @Test func aTraceHasEachReadingOnce() throws {
    let scratch = try Scratch()
    let fleet = try Self.fleet(in: scratch)
    let trace = try Program.run("trace", fleet, "--format", "csv")
    #expect(trace.status == 0, "\(trace.errors)")
    let rows = trace.output.split(separator: "\n").dropFirst().map { $0.split(separator: ",") }
    #expect(rows.count > 500 && Set(rows.map { "\($0[0]):\($0[2]):\($0[3])" }).count == rows.count)
    let clone = try #require(rows.first { $0[2].count == 4 }, "no clone measures anything")
    // Asked for by its id, a device comes with its clone.
    let one = try Program.run("trace", fleet, "--format", "csv", "--device", String(clone[0]))
    let boots = Set(one.output.split(separator: "\n").dropFirst().map { $0.split(separator: ",")[2].count })
    #expect(one.status == 0 && boots == [1, 4], "\(one.errors)")
  }

  @Test func harmToTwinsIsJudgedMessageByMessage() throws {
    let outcomes = try concurrently(["drop:rate=3%", "duplicate:rate=3%", "corrupt-value:rate=3%,how=scale"]) { defect in
      let lab = try LabRun(defects: [defect])
      let fleet = try Self.fleet(in: lab.scratch)
      return (defect, lab, try Program.run("run", fleet, "--lab", lab.folder, "--out", lab.run, "--quiet"))
    }
    for (defect, lab, ended) in outcomes {
      let name = String(defect.prefix { $0 != ":" })
      #expect(ended.status == 1, "\(name): \(ended.output)\(ended.errors)")
      #expect(try lab.expectVerdictsEqualTruth(byTimestamp: true) == [name])
    }
  }
}
