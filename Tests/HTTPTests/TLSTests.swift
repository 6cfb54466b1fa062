import Certificates
import Foundation
import Testing

@testable import Transport

/// TLS and HTTP/2 against a real nginx.
@Suite(.serialized) struct TLSTests {
  private static let encrypted = "ssl_certificate FOLDER/tls/server.crt; ssl_certificate_key FOLDER/tls/server.key;"

  private func server(names: [String] = ["localhost"], more: String = "", listen: String = "ssl") throws -> Nginx {
    let server = try Nginx(server: Self.encrypted + more.replacingOccurrences(of: "FOLDER", with: "FOLDER"), listen: listen)
    _ = try CertificateFolder.make(at: server.file("tls"), serverNames: names, deviceIDs: ["device-0"])
    try server.start()
    return server
  }

  @Test func theAuthorityOfTheFleetFileIsTrusted() throws {
    let server = try server()
    let bench = try FleetBench(port: server.port, devices: 3) { $0.tls = .init(authorityFile: server.file("tls/ca.crt")) }
    #expect(try bench.publishAll(50))
    #expect(bench.fleet.accounting.spokenVersion == 1)
  }

  @Test func versionTwoIsSpokenOverFewConnections() throws {
    let server = try server(listen: "ssl http2")
    let bench = try FleetBench(port: server.port, devices: 30) {
      $0.tls = .init(authorityFile: server.file("tls/ca.crt"))
      $0.version = .two
      $0.connections = 2
    }
    #expect(try bench.publishAll(60))
    let requests = try server.requests(bench.answered)
    #expect(requests.allSatisfy { $0.version == "HTTP/2.0" })
    #expect(Set(requests.map(\.connection)).count <= 2)
    #expect(bench.fleet.accounting.spokenVersion == 2)
    for device in 0..<30 { #expect(bench.acknowledged[device] == Array(1...60)) }
  }

  @Test func anotherAuthorityIsNotTrusted() throws {
    let server = try server()
    _ = try CertificateFolder.make(at: server.file("other"), serverNames: ["localhost"], deviceIDs: [])
    let bench = try FleetBench(port: server.port) { $0.tls = .init(authorityFile: server.file("other/ca.crt")) }
    bench.reconnects = false
    bench.connectAll()
    #expect(try bench.run { !bench.failures.isEmpty })
    guard case .certificate(let code) = try #require(bench.failures.first) else {
      Issue.record("\(bench.failures)")
      return
    }
    #expect(code > 0 && bench.failures[0].description.contains("certificate"))
  }

  @Test func anotherHostNameIsNotTrusted() throws {
    let server = try server(names: ["elsewhere.example"])
    let bench = try FleetBench(port: server.port) { $0.tls = .init(authorityFile: server.file("tls/ca.crt")) }
    bench.reconnects = false
    bench.connectAll()
    #expect(try bench.run { !bench.failures.isEmpty })
    #expect(bench.failures == [.wrongHost])
  }

  @Test func aPortWithoutTLSIsToldApart() throws {
    let server = try Nginx()
    try server.start()
    let bench = try FleetBench(port: server.port) { $0.tls = .init() }
    bench.reconnects = false
    bench.connectAll()
    #expect(try bench.run { !bench.failures.isEmpty })
    #expect(bench.failures == [.handshake])
  }

  /// The device that has a certificate gets through; the one whose files are missing is told so, and keeps nobody else from sending.
  @Test func eachDeviceShowsItsOwnCertificate() throws {
    let server = try server(more: "ssl_client_certificate FOLDER/tls/ca.crt; ssl_verify_client on;")
    let bench = try FleetBench(port: server.port, devices: 2) {
      $0.tls = .init(authorityFile: server.file("tls/ca.crt"), deviceCertificates: server.file("tls/devices"))
    }
    bench.reconnects = false
    bench.connectAll()
    var published = false
    #expect(
      try bench.run {
        if bench.fleet.connectedCount == 2 && !published {
          published = true
          for device in [0, 1] {
            bench.publish(device)
            bench.fleet.flush(device)
          }
        }
        return !bench.acknowledged[0].isEmpty && !bench.failures.isEmpty
      })
    #expect(bench.failures == [.ownCertificate])
    #expect(try server.requests(bench.answered).map(\.device) == ["CN=device-0"])
  }
}
