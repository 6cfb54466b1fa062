import Foundation
import Testing

/// Fleets that speak otherwise than in single JSON events, against a real broker and the lab's pipeline.
@Suite(.serialized) struct PayloadTests {
  /// No fault that a notation does not have: Sparkplug's timestamps are numbers, and its data states no unit.
  private static let kinds =
    "faults.malformed_kinds={truncated: 1, missing_field: 1, wrong_type: 1, nan: 1, 'null': 1, syntax: 1, unknown_device: 1}"

  @Test(arguments: [
    "{shape: wide}", "{codec: cbor}", "{codec: cbor, shape: wide}", "{codec: line_protocol}",
  ]) func everyReadingHasAVerdictOfItsOwn(payload: String) throws {
    let lab = try LabRun(defects: ["drop:rate=2%", "corrupt-value:rate=1%"])
    let played = try lab.play("--no-reconcile", "--set", "payload=\(payload)", "--set", Self.kinds)
    #expect(played.status == 0, "\(played.errors)")
    let reconciled = try lab.reconcile()
    #expect(reconciled.status == 1, "\(reconciled.output)\(reconciled.errors)")
    #expect(try lab.expectVerdictsEqualTruth().count == 2)
    let verdicts = try lab.verdicts()
    #expect((verdicts.verdicts["rejected"] ?? 0) > 0 && (verdicts.verdicts["lost"] ?? 0) > 0 && (verdicts.verdicts["stored"] ?? 0) > 0)
  }

  /// Nothing is acknowledged at QoS 0, so nothing can be lost; all the same each reading has a verdict, and no row is wrong.
  @Test func sparkplugIsReconciledWithoutAcknowledgements() throws {
    let lab = try LabRun()
    let played = try lab.play("--no-reconcile", "--set", "payload={codec: sparkplug, shape: wide}", "--set", Self.kinds)
    #expect(played.status == 0, "\(played.errors)")
    let reconciled = try lab.reconcile()
    #expect(reconciled.status == 0, "\(reconciled.output)\(reconciled.errors)")
    let verdicts = try lab.verdicts()
    #expect((verdicts.verdicts["stored"] ?? 0) > verdicts.readings * 9 / 10)
    #expect(verdicts.verdicts.values.reduce(0, +) == verdicts.readings)
  }

  /// An independent host application finds every rule of Sparkplug kept, asks for births, and sees every value that is traced.
  @Test func anIndependentHostReadsSparkplug() throws {
    let lab = try LabRun()
    let port = try #require(try lab.lab.status().part(.broker)?.port)
    let host = try Program.start(
      shell: """
        \(try python(lab.scratch)) Tests/PayloadTests/Clients/sparkplug_host.py \(port) 60 \
        --ca \(lab.folder)/certificates/ca.crt --user fleet --password \(lab.folder)/secrets/mqtt-password --rebirth-after 50
        """, output: lab.scratch.file("host"), errors: lab.scratch.file("host-errors"))
    try wait(for: "the host to subscribe") { lab.scratch.text("host").contains("ready") || !host.isRunning }
    let arguments = ["--no-reconcile", "--set", "payload={codec: sparkplug, shape: wide}", "--set", "faults.malformed=0 %"]
    let played = try Program.run(lab.playArguments + arguments)
    #expect(played.status == 0, "\(played.errors)")
    host.waitUntilExit()
    #expect(host.terminationStatus == 0, "\(lab.scratch.text("host").suffix(2000))\(lab.scratch.text("host-errors"))")
    let traced = try Program.run(["trace", lab.run + "/fleet.yaml"])
    func sensors(_ text: String, _ sequence: String) -> [String: Double] {
      var values: [String: Double] = [:]
      for line in text.split(separator: "\n") {
        guard let object = try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any], let sensor = object["sensor_id"],
          let timestamp = object["timestamp"]
        else { continue }
        values["\(sensor)@\(timestamp)#\(object[sequence] ?? "")"] = object["value"] as? Double
      }
      return values
    }
    let (seen, expected) = (sensors(lab.scratch.text("host"), "seq"), sensors(traced.output, "seq"))
    #expect(seen.count > 500 && seen.allSatisfy { expected[$0.key] == $0.value })
  }

  private func python(_ scratch: Scratch) throws -> String {
    let made = try Program.start(shell: "scripts/payload-python", output: scratch.file("python"), errors: scratch.file("pip"))
    made.waitUntilExit()
    try #require(made.terminationStatus == 0, "\(scratch.text("pip"))")
    return scratch.text("python").trimmingCharacters(in: .newlines)
  }

  /// cbor2 and Python's json read what was measured, of fleets with every sensor type; the CBOR is what cbor2 calls canonical.
  @Test(arguments: [
    ("cbor", "{codec: cbor}"), ("cbor", "{codec: cbor, shape: wide}"), ("json", "{}"), ("json", "{shape: wide}"),
  ]) func independentReadersReadTraces(reader: String, payload: String) throws {
    let scratch = try Scratch()
    for (fleet, site) in [("quickstart", "site-01"), ("mixed-iot", "city-01")] {
      let trace = ["trace", "fleets/\(fleet).yaml", "--site", site, "--to", "30s", "--set", "faults.malformed=0 %"]
      let plain = try Program.start(trace, output: scratch.file("trace"), errors: scratch.file("errors"))
      plain.waitUntilExit()
      let messages = try Program.start(
        trace + ["--format", "payload", "--set", "payload=\(payload)"], output: scratch.file("messages"), errors: scratch.file("errors"))
      messages.waitUntilExit()
      let check = try Program.start(
        shell:
          "\(try python(scratch)) Tests/PayloadTests/Clients/trace_reader.py \(scratch.file("trace")) \(scratch.file("messages")) \(reader)",
        output: scratch.file("check"), errors: scratch.file("check-errors"))
      check.waitUntilExit()
      #expect(check.terminationStatus == 0, "\(scratch.text("check"))\(scratch.text("check-errors"))\(scratch.text("errors"))")
    }
  }

  /// A real QuestDB takes every line. `HELIOGRAPH_TEST_QUESTDB_HTTP` is its HTTP address.
  @Test(.enabled(if: questDB != nil, "needs HELIOGRAPH_TEST_QUESTDB_HTTP")) func questDBTakesTheLineProtocol() throws {
    let scratch = try Scratch()
    let address = try #require(Self.questDB)
    for shape in ["narrow", "wide"] {
      let table = "payload_\(shape)_\(ProcessInfo.processInfo.processIdentifier)"
      let lines = try Program.run([
        "trace", "fleets/mixed-iot.yaml", "--site", "city-01", "--to", "30s", "--format", "payload", "--set", "faults.malformed=0 %",
        "--set",
        "payload={codec: line_protocol, shape: \(shape), measurement: \(table)}",
      ])
      try lines.output.write(toFile: scratch.file("lines"), atomically: true, encoding: .utf8)
      let count = lines.output.split(separator: "\n").count
      let sql = "select%20count()%20from%20\(table)"
      let sent = try Program.start(
        shell: """
          curl -sS --fail-with-body -X POST '\(address)/write?precision=n' --data-binary @\(scratch.file("lines")) || exit 1
          for _ in $(seq 100); do curl -sS '\(address)/exec?query=\(sql)' | grep -qF '[[\(count)]]' && exit 0; sleep 0.1; done; exit 1
          """, output: scratch.file("sent"), errors: scratch.file("sent-errors"))
      sent.waitUntilExit()
      #expect(count > 100 && sent.terminationStatus == 0, "\(scratch.text("sent"))\(scratch.text("sent-errors"))")
    }
  }

  private static let questDB = ProcessInfo.processInfo.environment["HELIOGRAPH_TEST_QUESTDB_HTTP"]
}
