import Foundation
import Testing

@testable import Certificates

@Suite struct CertificateFolderTests {
  private let folder: String

  init() throws {
    folder = NSTemporaryDirectory() + "heliograph-certificates-\(UUID().uuidString)"
  }

  private func openssl(_ arguments: String...) throws -> (status: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
    process.arguments = arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: output, as: UTF8.self))
  }

  private func mode(_ name: String) throws -> Int {
    let attributes = try FileManager.default.attributesOfItem(atPath: "\(folder)/\(name)")
    return try #require(attributes[.posixPermissions] as? Int)
  }

  @Test func openSSLAcceptsTheChainForItsPurposes() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let made = try CertificateFolder.make(at: folder, serverNames: ["localhost", "127.0.0.1", "::1"], deviceIDs: ["inv-0001", "inv-0002"])
    #expect(made.created.count == 8)
    let authority = "\(folder)/ca.crt"
    for (purpose, name) in [("sslserver", "server"), ("sslclient", "devices/inv-0001"), ("sslclient", "devices/inv-0002")] {
      let result = try openssl("verify", "-x509_strict", "-CAfile", authority, "-purpose", purpose, "\(folder)/\(name).crt")
      #expect(result.status == 0, "\(result.output)")
    }
    let named = try openssl("verify", "-CAfile", authority, "-verify_hostname", "localhost", "\(folder)/server.crt")
    let addressed = try openssl("verify", "-CAfile", authority, "-verify_ip", "127.0.0.1", "\(folder)/server.crt")
    #expect(named.status == 0 && addressed.status == 0)
    #expect(try openssl("verify", "-CAfile", authority, "-verify_hostname", "example.org", "\(folder)/server.crt").status != 0)
    #expect(try openssl("verify", "-CAfile", authority, "-purpose", "sslserver", "\(folder)/devices/inv-0001.crt").status != 0)
    let text = try openssl("x509", "-in", "\(folder)/devices/inv-0001.crt", "-noout", "-text").output
    #expect(text.contains("CN = inv-0001"))
    #expect(text.contains("prime256v1") && text.contains("ecdsa-with-SHA256"))
    #expect(text.contains("Authority Key Identifier") && text.contains("Subject Key Identifier"))
  }

  @Test func keysAreForTheirOwnerOnlyAndSerialsDiffer() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let before = umask(0)
    _ = try CertificateFolder.make(at: folder, serverNames: ["localhost"], deviceIDs: ["a", "b"])
    umask(before)
    for name in ["ca.key", "server.key", "devices/a.key", "devices/b.key"] { #expect(try mode(name) == 0o600) }
    for name in ["ca.crt", "server.crt", "devices/a.crt"] { #expect(try mode(name) == 0o644) }
    let serials = try ["ca", "server", "devices/a", "devices/b"].map {
      try openssl("x509", "-in", "\(folder)/\($0).crt", "-noout", "-serial").output
    }
    #expect(Set(serials).count == 4)
    #expect(serials.allSatisfy { $0.trimmingCharacters(in: .newlines).count > "serial=".count + 24 })
  }

  @Test func aSecondCallAddsAndReplacesNothing() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    _ = try CertificateFolder.make(at: folder, serverNames: ["localhost"], deviceIDs: ["a"])
    let before = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/devices/a.crt"))
    let again = try CertificateFolder.make(at: folder, serverNames: ["localhost"], deviceIDs: ["a", "b"])
    #expect(again.created == ["\(folder)/devices/b.crt", "\(folder)/devices/b.key"])
    #expect(try Data(contentsOf: URL(fileURLWithPath: "\(folder)/devices/a.crt")) == before)
    #expect(try openssl("verify", "-CAfile", "\(folder)/ca.crt", "\(folder)/devices/b.crt").status == 0)
  }

  @Test func whatDoesNotFitIsRefusedWithItsFile() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    _ = try CertificateFolder.make(at: folder, serverNames: ["localhost"], deviceIDs: ["a"])
    let otherName = #expect(throws: CertificateError.self) {
      try CertificateFolder.make(at: folder, serverNames: ["broker.example"], deviceIDs: [])
    }
    #expect(otherName?.description.contains("server.crt is not valid for 'broker.example'") == true)
    unlink("\(folder)/devices/a.key")
    let half = #expect(throws: CertificateError.self) { try CertificateFolder.make(at: folder, serverNames: [], deviceIDs: ["a"]) }
    #expect(half?.description.contains("a.crt is there but") == true)
    #expect(throws: CertificateError.self) { try CertificateFolder.make(at: folder, serverNames: [], deviceIDs: ["../evil"]) }
    #expect(throws: CertificateError.self) {
      try CertificateFolder.make(at: folder, serverNames: [], deviceIDs: [String(repeating: "x", count: 65)])
    }
    unlink("\(folder)/server.crt")
    unlink("\(folder)/server.key")
    #expect(throws: CertificateError.self) { try CertificateFolder.make(at: folder, serverNames: ["x,DNS:y"], deviceIDs: []) }
    unlink("\(folder)/ca.crt")
    unlink("\(folder)/ca.key")
    let foreign = #expect(throws: CertificateError.self) {
      unlink("\(folder)/devices/a.crt")
      _ = try CertificateFolder.make(at: folder, serverNames: [], deviceIDs: ["a"])
      unlink("\(folder)/ca.crt")
      unlink("\(folder)/ca.key")
      _ = try CertificateFolder.make(at: folder, serverNames: [], deviceIDs: ["a"])
    }
    #expect(foreign?.description.contains("was not issued by") == true)
  }
}
