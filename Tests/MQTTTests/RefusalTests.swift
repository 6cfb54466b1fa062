import Certificates
import Foundation
import Testing

@testable import Transport

/// Every way in which TLS or the broker refuses a device has a name of its own, and is known to last.
@Suite(.serialized) struct RefusalTests {
  private func tls(_ broker: TestBroker, certificates: Bool = false, serverName: String = "localhost") -> MQTTConfiguration.TLS {
    MQTTConfiguration.TLS(
      authorityFile: "\(broker.folder)/tls/ca.crt", deviceCertificates: certificates ? "\(broker.folder)/tls/devices" : nil,
      serverName: serverName)
  }

  private func attempt(_ broker: TestBroker, _ tls: MQTTConfiguration.TLS, device: String = "d-1") throws -> LinkFailure {
    try Driver(broker, devices: [Driver.device(device)]) { $0.tls = tls }.attempt()
  }

  @Test func theBrokersCertificate() throws {
    let broker = try TestBroker.secure(faults: .init(revoked: ["server"]))
    #expect(try attempt(broker, tls(broker)) == .none)
    let other = NSTemporaryDirectory() + "hl-mqtt-other-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: other) }
    _ = try CertificateFolder.make(at: other, serverNames: [], deviceIDs: [])
    var wrong = tls(broker)
    wrong.authorityFile = "\(other)/ca.crt"
    let authority = try attempt(broker, wrong)
    #expect(authority.description.contains("not accepted") && authority.refusal == .fleet, "\(authority)")
    let name = try attempt(broker, tls(broker, serverName: "broker.example"))
    #expect(name.description.contains("hostname mismatch") && name.refusal == .fleet, "\(name)")
    let address = try attempt(broker, tls(broker, serverName: "127.0.0.2"))
    #expect(address.description.contains("IP address mismatch") && address.refusal == .fleet, "\(address)")
    var strict = tls(broker)
    strict.revocationFile = "\(broker.folder)/tls/crl.pem"
    let revoked = try attempt(broker, strict)
    #expect(revoked.description.contains("certificate revoked") && revoked.refusal == .fleet, "\(revoked)")
  }

  @Test func theBrokersCertificateHasExpired() throws {
    let broker = try TestBroker.secure(faults: .init(expired: ["server"]))
    let failure = try attempt(broker, tls(broker))
    #expect(failure.description.contains("certificate has expired") && failure.refusal == .fleet, "\(failure)")
  }

  @Test(arguments: ["tlsv1.2", "tlsv1.3"]) func theDevicesCertificate(version: String) throws {
    let broker = try TestBroker.secure(
      "require_certificate true\nuse_identity_as_username true\ncrlfile FOLDER/tls/crl.pem\ntls_version \(version)",
      devices: ["good", "old", "stolen"], faults: .init(expired: ["old"], revoked: ["stolen"]))
    let settings = tls(broker, certificates: true)
    #expect(try attempt(broker, settings, device: "good") == .none)
    let old = try attempt(broker, settings, device: "old")
    #expect(old.description.contains("has expired") && old.refusal == .device, "\(old)")
    let stolen = try attempt(broker, settings, device: "stolen")
    #expect(stolen.description.contains("was revoked") && stolen.refusal == .device, "\(stolen)")
    let absent = try attempt(broker, settings, device: "absent")
    #expect(absent == .ownCertificate(isMissing: true) && absent.refusal == .device, "\(absent)")
    let none = try attempt(broker, tls(broker), device: "good")
    let isNamed = "\(none)".contains("asks for a client certificate") || (version == "tlsv1.2" && "\(none)".contains("handshake"))
    #expect(none.refusal == .device && isNamed, "\(none)")
  }

  @Test func aKeyOfAnotherDevice() throws {
    let broker = try TestBroker.secure("require_certificate true\nuse_identity_as_username true", devices: ["a", "b"])
    let devices = "\(broker.folder)/tls/devices"
    try FileManager.default.removeItem(atPath: "\(devices)/a.key")
    try FileManager.default.copyItem(atPath: "\(devices)/b.key", toPath: "\(devices)/a.key")
    #expect(try attempt(broker, tls(broker, certificates: true), device: "a") == .ownCertificate(isMissing: false))
  }

  @Test(arguments: [MQTTConfiguration.Version.three, .five]) func userAndPassword(version: MQTTConfiguration.Version) throws {
    let broker = try TestBroker("allow_anonymous false\npassword_file FOLDER/passwords") { folder in
      try Shell.run("mosquitto_passwd -b -c \(folder)/passwords d-1 secret-1")
      try Shell.run("mosquitto_passwd -b \(folder)/passwords d-2 secret-2")
    }
    var devices = ["d-1", "d-2", "d-3", "d-4"].map { Driver.device($0) }
    for (index, pair) in [("d-1", "secret-1"), ("d-2", "secret-1"), ("nobody", "secret-1")].enumerated() {
      (devices[index].user, devices[index].password) = pair
    }
    let driver = try Driver(broker, devices: devices) { $0.version = version }
    #expect(try driver.attempt(0) == .none)
    for device in 1...3 {
      let failure = try driver.attempt(device)
      #expect(failure.refusal == .device && "\(failure)".contains("refused"), "\(failure)")
      #expect(!"\(failure)".contains("secret"))
    }
  }

  @Test func aPlainPortIsNoTLSPort() throws {
    let plain = try TestBroker()
    let secure = try TestBroker.secure()
    let failure = try attempt(plain, tls(secure))
    #expect(failure == .handshake || failure == .closed || failure.refusal == .passing, "\(failure)")
  }
}

enum Shell {
  static func run(_ command: String) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", command]
    try process.run()
    process.waitUntilExit()
    if process.terminationStatus != 0 { throw TestBroker.Trouble("'\(command)' failed") }
  }
}
