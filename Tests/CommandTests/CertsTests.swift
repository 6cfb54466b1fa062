import Foundation
import Testing

/// `heliograph certs`, with certificates that are wrong on purpose.
@Suite struct CertsTests {
  private let scratch: Scratch
  private let fleet: String

  init() throws {
    scratch = try Scratch()
    fleet = scratch.file("fleet.yaml")
    try """
    fleet: certs
    duration: 10s
    sites: [{id: here, latitude: 40, longitude: 0}]
    devices: [{profile: probe, count: 4, id: "d-{n}"}]
    profiles: {probe: {profile: probe, interval: 1s, sensors: [{name: t, measures: ambient_temperature, range: [-40, 80]}]}}
    """.write(toFile: fleet, atomically: true, encoding: .utf8)
  }

  private func ends(_ name: String) throws -> Date? {
    let out = scratch.file("end")
    let process = try Program.start(
      shell: "openssl x509 -in \(scratch.file("tls"))/devices/\(name).crt -noout -checkend 0", output: out, errors: scratch.file("err"))
    process.waitUntilExit()
    return process.terminationStatus == 0 ? .distantFuture : nil
  }

  @Test func numbersCountFromEitherEnd() throws {
    let made = try Program.run("certs", fleet, "--out", scratch.file("tls"), "--expired", "1", "--revoked", "2")
    #expect(made.status == 0 && made.output.contains("2 revoked in \(scratch.file("tls"))/crl.pem"), "\(made.output)\(made.errors)")
    for (name, isValid) in [("d-1", false), ("d-2", true), ("d-4", true)] { #expect(try (ends(name) != nil) == isValid, "\(name)") }
    let out = scratch.file("list")
    let list = try Program.start(
      shell: "openssl crl -in \(scratch.file("tls"))/crl.pem -noout -text", output: out, errors: scratch.file("err"))
    list.waitUntilExit()
    #expect(scratch.text("list").components(separatedBy: "Serial Number:").count == 3)
  }

  @Test(
    arguments: [
      ("--expired", "5", "the fleet has 4 devices"), ("--revoked", "d-9", "is called 'd-9'"),
      ("--revoked", "-1", "the fleet has 4 devices"),
    ])
  func whoIsNotThereIsNamed(option: String, value: String, expected: String) throws {
    let ended = try Program.run("certs", fleet, "--out", scratch.file("tls"), "\(option)=\(value)")
    #expect(ended.status == 2 && ended.errors.contains(expected), "\(ended.errors)")
    #expect(!FileManager.default.fileExists(atPath: scratch.file("tls")))
  }
}
