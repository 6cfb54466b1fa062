import Foundation
import Testing

/// Fleets that speak otherwise than in single JSON events, against a real broker and the lab's pipeline.
@Suite(.serialized) struct PayloadTests {
  /// No fault that a notation does not have: Sparkplug's timestamps are numbers, and its data states no unit.
  private static let kinds =
    "faults.malformed_kinds={truncated: 1, missing_field: 1, wrong_type: 1, nan: 1, 'null': 1, syntax: 1, unknown_device: 1}"

  @Test(arguments: [
    "{shape: wide}", "{codec: cbor}", "{codec: cbor, shape: wide}", "{codec: line_protocol}", "{codec: sparkplug, shape: wide}",
  ]) func everyReadingHasAVerdictOfItsOwn(payload: String) throws {
    let lab = try LabRun(defects: ["drop:rate=2%", "corrupt-value:rate=1%"])
    let played = try lab.play("--set", "payload=\(payload)", "--set", Self.kinds)
    #expect(played.status == 0, "\(played.errors)")
    let reconciled = try lab.reconcile()
    #expect(reconciled.status == 1, "\(reconciled.output)\(reconciled.errors)")
    #expect(try lab.expectVerdictsEqualTruth().count == 2)
    let verdicts = try lab.verdicts()
    #expect((verdicts.verdicts["rejected"] ?? 0) > 0 && (verdicts.verdicts["lost"] ?? 0) > 0 && (verdicts.verdicts["stored"] ?? 0) > 0)
  }

  /// An independent host application finds every rule of Sparkplug kept, asks for births, and sees every value that is traced.
  @Test func anIndependentHostReadsSparkplug() throws {
    let lab = try LabRun()
    let python = try Program.start(shell: "scripts/payload-python", output: lab.scratch.file("python"), errors: lab.scratch.file("pip"))
    python.waitUntilExit()
    try #require(python.terminationStatus == 0, "\(lab.scratch.text("pip"))")
    let port = try #require(try lab.lab.status().part(.broker)?.port)
    let host = try Program.start(
      shell: """
        \(lab.scratch.text("python").trimmingCharacters(in: .newlines)) Tests/PayloadTests/Clients/sparkplug_host.py \(port) 60 \
        --ca \(lab.folder)/certificates/ca.crt --user fleet --password \(lab.folder)/secrets/mqtt-password --rebirth-after 50
        """, output: lab.scratch.file("host"), errors: lab.scratch.file("host-errors"))
    try wait(for: "the host to subscribe") { lab.scratch.text("host").contains("ready") || !host.isRunning }
    let arguments = ["--set", "payload={codec: sparkplug, shape: wide}", "--set", "faults.malformed=0 %"]
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
}
