import Foundation
import Testing

@testable import Certificates

/// Certificates that are wrong on purpose, as OpenSSL's own program judges them.
@Suite struct RevocationTests {
  private let folder = NSTemporaryDirectory() + "heliograph-revocation-\(UUID().uuidString)"

  private func verify(_ name: String) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
    process.arguments = [
      "verify", "-x509_strict", "-crl_check", "-CAfile", "\(folder)/ca.crt", "-CRLfile", "\(folder)/crl.pem", "\(folder)/\(name).crt",
    ]
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: output, as: UTF8.self)
  }

  private func make(expired: [String] = [], revoked: [String] = []) throws -> CertificateFolder.Contents {
    try CertificateFolder.make(
      at: folder, serverNames: ["localhost"], deviceIDs: ["a", "b", "c", "d"], faults: .init(expired: expired, revoked: revoked))
  }

  @Test func theListNamesWhatIsRevokedAndGrows() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let made = try make(expired: ["a"], revoked: ["d"])
    #expect(made.created.contains("\(folder)/crl.pem"))
    #expect(try verify("devices/a").contains("certificate has expired"))
    #expect(try verify("devices/b").hasSuffix(": OK\n"))
    #expect(try verify("devices/d").contains("certificate revoked"))
    #expect(try verify("server").hasSuffix(": OK\n"))
    let again = try make(expired: ["a"], revoked: ["c", "d", "server"])
    #expect(again.created.isEmpty && again.kept.contains("\(folder)/crl.pem"))
    for name in ["devices/c", "devices/d", "server"] { #expect(try verify(name).contains("certificate revoked")) }
    #expect(try verify("devices/b").hasSuffix(": OK\n"))
  }

  @Test func withoutARevokedCertificateThereIsNoList() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    _ = try make()
    #expect(!FileManager.default.fileExists(atPath: "\(folder)/crl.pem"))
  }

  @Test func aValidCertificateIsNotMadeToExpire() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    _ = try make()
    let error = #expect(throws: CertificateError.self) { _ = try make(expired: ["b"]) }
    #expect(error?.description.contains("devices/b.crt is valid and not replaced") == true)
  }

  @Test func aListOfAnotherAuthorityIsRefused() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    _ = try make(revoked: ["a"])
    for name in ["ca.crt", "ca.key"] { try FileManager.default.removeItem(atPath: "\(folder)/\(name)") }
    try FileManager.default.removeItem(atPath: "\(folder)/devices")
    for name in ["server.crt", "server.key"] { try FileManager.default.removeItem(atPath: "\(folder)/\(name)") }
    let error = #expect(throws: CertificateError.self) { _ = try make(revoked: ["b"]) }
    #expect(error?.description.contains("crl.pem was not signed by the authority") == true)
  }
}
