import FleetSpec
import Foundation
import Simulation
import Store
import World

/// What depends on a fleet: its size here, its broker, its store.
public struct FleetChecks {
  private let fleet: Fleet

  public init(_ fleet: Fleet) { self.fleet = fleet }

  public func all() -> [Check] { [size()] + broker() + store() }

  private func size() -> Check {
    let world = World(fleet: fleet, start: fleet.start ?? SimulatedClock.wallMilliseconds())
    let plan = FleetPlan(world: world)
    let shortages = MachineLimits.current().shortages(for: plan)
    let text = "\(plan.devices) devices, \(plan.descriptors) descriptors, about \(max(1, plan.memoryBytes >> 20)) MiB"
    guard let first = shortages.first else { return Check("fleet size", .good, text) }
    return Check("fleet size", .problem, text, fix: first)
  }

  private func broker() -> [Check] {
    guard let transport = fleet.transport else {
      return [Check("broker", .warning, "the fleet file names none", fix: "give one under transport:, or use --lab DIR")]
    }
    let place = transport.summary
    let certificate = fleet.connectingIDs.first ?? "heliograph"
    do {
      guard let failure = try BrokerProbe.connect(transport, deviceID: certificate, timeout: 10_000) else {
        return [Check("broker", .good, "\(place): connected")]
      }
      return [Check("broker", .problem, "\(place): \(failure)", fix: Self.brokerFix(failure.description, transport))]
    } catch let error as SecretError {
      return [Check("broker", .problem, "\(place): \(error)", fix: "set it, or name another place under transport:")]
    } catch {
      return [Check("broker", .problem, "\(place): \(error)", fix: "mend host, authority or certificates under transport:")]
    }
  }

  private static func brokerFix(_ failure: String, _ transport: FleetTransport) -> String {
    switch transport {
    case .mqtt(let mqtt): brokerFix(failure, mqtt)
    case .http(let http):
      failure.contains("certificate")
        ? "set authority to the file of the authority that signed the server's certificate, and the URL's host to the name in it"
        : "is the server running, and does a firewall let port \(http.port) through?"
    case .kafka: "check brokers and properties under transport: kafka:, and that the brokers run"
    }
  }

  private static func brokerFix(_ failure: String, _ transport: MQTTTransport) -> String {
    if failure.contains("certificate was not accepted") {
      let authority = transport.tls?.authorityFile ?? "the system's authorities"
      return "trusted are \(authority), and the name must be '\(transport.tls?.serverName ?? transport.host)': set authority or server_name"
    }
    if failure.contains("user name") || failure.contains("authorised") { return "check user and password in the transport section" }
    if failure.contains("device's own certificate") {
      return "make the certificates with 'heliograph certs', and name their folder under device_certificates"
    }
    if failure.contains("device's certificate") {
      return "give the device another certificate, or mend the broker's authority (mosquitto: cafile) or revocation list (crlfile)"
    }
    if failure.contains("protocol version") { return "set version: 3.1.1 or version: 5, whichever the broker speaks" }
    if failure.contains("handshake") || failure.contains("client certificate") {
      return "set device_certificates when the broker asks for client certificates; use mqtt:// for a plain port"
    }
    return "is the broker running, and does a firewall let port \(transport.port) through?"
  }

  private func store() -> [Check] {
    guard let mapping = fleet.pipeline.store else {
      return [Check("store", .warning, "the fleet file names none", fix: "give one under pipeline: store:, or use --lab DIR")]
    }
    do {
      let connection = try StoreConnection(url: mapping.url, password: try mapping.password?.read())
      defer { connection.close() }
      var checks = [Check("store", .good, "\(connection.endpoint): \(connection.serverVersion)")]
      let inspection = try StoreInspector(connection, mapping, fleet: fleet).inspect()
      for finding in inspection.findings {
        checks.append(
          Check(
            finding.subject, finding.severity == .problem ? .problem : .warning,
            "found \(finding.found); expected \(finding.expected)", fix: finding.fix))
      }
      if inspection.isUsable {
        checks.append(Check("table mapping", .good, "every mapped column of \(mapping.table) is there and has a fitting type"))
      }
      return checks
    } catch {
      return [Check("store", .problem, "\(error)", fix: "check url and password under pipeline: store:, and that the server runs")]
    }
  }
}
