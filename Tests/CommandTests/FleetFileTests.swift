import Foundation
import Testing

@Suite struct FleetFileTests {
  /// Each broken file through the command line: one error, in the form file:line:column, and exit code 2.
  @Test func brokenFilesEndWithTwoAndOneError() throws {
    let folder = Program.repository.appendingPathComponent("Tests/FleetSpecTests/Broken")
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".yaml") }.sorted()
    let broken = files.filter {
      FileManager.default.fileExists(atPath: folder.appendingPathComponent($0).path.replacingOccurrences(of: ".yaml", with: ".expected"))
    }
    #expect(broken.count >= 30)
    for file in broken {
      let ended = try Program.run("validate", folder.appendingPathComponent(file).path)
      #expect(ended.status == 2, "\(file)")
      #expect(ended.output.isEmpty, "\(file)")
      let first = ended.errors.split(separator: "\n").first ?? ""
      #expect(first.contains(": error: ") && first.split(separator: ":").count > 3, "\(file): \(first)")
    }
  }

  @Test func shippedFilesAreValid() throws {
    let ended = try Program.run(
      "validate", "fleets/quickstart.yaml", "firmware-profiles/string-inverter.yaml", "firmware-profiles/weather-station.yaml",
      "firmware-profiles/cellular-environment-sensor.yaml")
    #expect(ended.status == 0 && ended.errors.isEmpty)
  }

  @Test func traceIsTheSameForAnySubset() throws {
    let arguments = ["trace", "fleets/quickstart.yaml", "--seed", "5"]
    let all = try Program.run(arguments)
    let again = try Program.run(arguments)
    #expect(all.status == 0 && all.output == again.output)
    let one = try Program.run(arguments + ["--device", "inv-0042"])
    let lines = all.output.split(separator: "\n").filter { $0.contains("\"device_id\":\"inv-0042\"") }
    #expect(!lines.isEmpty && one.output.split(separator: "\n") == lines)
    let other = try Program.run(["trace", "fleets/quickstart.yaml", "--seed", "6"])
    #expect(other.output != all.output)
  }

  @Test func traceAsTableHasAHeaderAndTheSameRows() throws {
    let table = try Program.run(
      "trace", "fleets/quickstart.yaml", "--device", "inv-0001", "--format", "csv", "--from", "10s", "--to", "20s")
    let lines = table.output.split(separator: "\n")
    #expect(
      lines.first
        == "device_id,site_id,boot,seq,timestamp,true_time,sensor_id,sensor_type,value,unit,quality,firmware")
    #expect(lines.count == 1 + 2 * 11)
  }

  @Test func traceSaysThatTheRunIsShorterThanWhatWasAskedFor() throws {
    let ended = try Program.run("trace", "fleets/quickstart.yaml", "--device", "inv-0001", "--to", "7d")
    #expect(ended.status == 2 && ended.output.isEmpty)
    #expect(ended.errors.contains("--set duration=7d"))
  }

  @Test func planTellsWhatARunNeeds() throws {
    let plan = try Program.run("plan", "fleets/quickstart.yaml", "--json")
    #expect(plan.status == 0)
    let document = try #require(try JSONSerialization.jsonObject(with: Data(plan.output.utf8)) as? [String: Any])
    #expect(document["devices"] as? Int == 1000 && document["connections"] as? Int == 1000)
    let planned = try #require(document["readings"] as? Int)
    let traced = try Program.run("trace", "fleets/quickstart.yaml").output.split(separator: "\n").count
    // The plan reckons with whole samples; the trace counts them.
    #expect(abs(planned - traced) < traced / 100)
  }

  @Test func certificatesVerifyAndKeysArePrivate() throws {
    let scratch = try Scratch()
    let folder = scratch.file("certificates")
    let made = try Program.run("certs", "fleets/quickstart.yaml", "--out", folder)
    #expect(made.status == 0)
    let key = try FileManager.default.attributesOfItem(atPath: folder + "/devices/inv-0001.key")[.posixPermissions] as? Int
    #expect(key == 0o600)
    let again = try Program.run("certs", "fleets/quickstart.yaml", "--out", folder)
    #expect(again.status == 0 && again.output.hasPrefix("0 files made"))
  }

  @Test func doctorLooksAtTheMachine() throws {
    let doctor = try Program.run("doctor")
    #expect(doctor.status == 0)
    for subject in ["libmosquitto", "OpenSSL", "libpq", "file descriptors", "local ports", "clock"] {
      #expect(doctor.output.contains(subject))
    }
  }
}
