import Foundation
import Testing

/// The same fleet over MQTT and over Kafka.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["HELIOGRAPH_NOIDA_DB"] != nil)) struct KafkaTests {
  /// What the pipeline does with a reading depends on chance only where the network decides: a fleet without faults of the network.
  private static let arguments = [
    "--set", "faults={redelivery: 0, repeats: 2 %, repeat_after: 1s..2s, late: 3 %, late_by: 1s..3s, malformed: 1 %}",
  ]

  @Test func givesTheSameReadingsAndTheSameVerdicts() throws {
    let outcomes = try concurrently([[], ["--kafka"]]) { options in
      let lab = try LabRun(options: options)
      let ended = try Program.run(lab.playArguments + Self.arguments)
      return (options, lab, ended)
    }
    for (options, lab, ended) in outcomes {
      #expect(ended.status == 0, "\(options): \(ended.output)\(ended.errors)")
      #expect(try lab.expectVerdictsEqualTruth().isEmpty)
    }
    let verdicts = try outcomes.map { try $0.1.verdicts() }
    #expect(verdicts[0].readings == verdicts[1].readings)
    #expect(verdicts[0].verdicts["rejected"] == verdicts[1].verdicts["rejected"])
    for broken in ["lost", "duplicated", "corrupted", "misplaced", "phantom"] { #expect(verdicts[1].verdicts[broken] == 0, "\(broken)") }
  }

  /// kill -9 takes what this broker had acknowledged last: the run and its reconciliation say which offsets.
  @Test func whatABrokerAcknowledgedAndLostIsSaid() throws {
    let lab = try LabRun(options: ["--kafka"])
    let process = try lab.startPlaying("--set", "duration=20s")
    try wait(for: "connected devices") { lab.metric("connected") > 50 && lab.metric("acknowledged") > 1_000 }
    try lab.lab.kill(.broker, signal: SIGKILL)
    try wait(for: "devices to notice") { lab.metric("connected") == 0 }
    try lab.lab.start(.broker)
    process.waitUntilExit()
    let told = lab.scratch.text("out")
    #expect([0, 1].contains(process.terminationStatus), "\(told)\(lab.scratch.text("err"))")
    #expect(told.contains("no longer in the broker"), "\(told)")
    let verdicts = try String(contentsOfFile: lab.run + "/verdicts.json", encoding: .utf8)
    #expect(verdicts.contains("broker_lost") && verdicts.contains("acknowledged and are no longer in the broker"))
    // Nothing is claimed beyond what the broker took with it.
    #expect(try lab.verdicts().verdicts["corrupted"] == 0)
    #expect(try lab.verdicts().verdicts["phantom"] == 0)
  }

  @Test func anUnknownPropertyEndsWithItsPlaceAndStartsNothing() throws {
    let scratch = try Scratch()
    let text = try String(contentsOfFile: "fleets/kafka-quickstart.yaml", encoding: .utf8)
    let path = scratch.file("fleet.yaml")
    try text.replacing("    partitions: 6\n", with: "    partitions: 6\n    properties: { retriez: 3 }\n")
      .write(toFile: path, atomically: true, encoding: .utf8)
    let ended = try Program.run("validate", path)
    #expect(ended.status == 2)
    #expect(ended.errors.contains("fleet.yaml:43:19: error: librdkafka knows no property 'retriez'"), "\(ended.errors)")
  }

  @Test func theQuickstartNeedsNothingElse() throws {
    let scratch = try Scratch()
    let ended = try Program.run(
      "run", "fleets/kafka-quickstart.yaml", "--no-reconcile", "--duration", "3s", "--quiet", "--out", scratch.file("run"))
    #expect(ended.status == 0, "\(ended.errors)")
    #expect(ended.output.contains("kafka        127.0.0.1:"))
  }
}
