import ArgumentParser
import Certificates
import FleetSpec

struct CertsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "certs",
    abstract: "Makes a certificate authority, a server certificate and one certificate per device.",
    discussion: """
      ECDSA P-256; keys are readable by their owner alone. What is there already and still fits is kept, so that a fleet can grow.

      EXAMPLES
        heliograph certs fleets/quickstart.yaml --out certificates
        heliograph certs my-fleet.yaml --out certificates --server-name broker.example --server-name 127.0.0.1
        heliograph certs my-fleet.yaml --out certificates --expired 2 --revoked inv-0007,inv-0009
      """)

  @Argument(help: "The fleet file.", completion: .file(extensions: ["yaml", "yml"]))
  var fleet: String

  @Option(help: ArgumentHelp("The folder for the files.", valueName: "dir"), completion: .directory)
  var out: String

  @Option(help: ArgumentHelp("A name or address of the broker. May be repeated. Default: localhost and 127.0.0.1.", valueName: "name"))
  var serverName: [String] = []

  @Option(
    help: ArgumentHelp(
      "Whose certificates have run out already: a number counts from the first device on. 'server' is the broker's.", valueName: "n|ids"))
  var expired: String?

  @Option(
    help: ArgumentHelp(
      "Whose certificates are revoked, in crl.pem: a number counts from the last device back. 'server' is the broker's.",
      valueName: "n|ids"))
  var revoked: String?

  /// The devices that an option means.
  private func names(_ text: String?, option: String, among devices: [String], fromLast: Bool) throws -> [String] {
    guard let text else { return [] }
    if let count = Int(text) {
      guard (0...devices.count).contains(count) else {
        throw CommandFailure(.usage, "\(option) \(count): the fleet has \(devices.count) devices with a connection")
      }
      return Array(fromLast ? devices.suffix(count) : devices.prefix(count))
    }
    let names = text.split(separator: ",").map(String.init)
    for name in names where name != "server" && !devices.contains(name) {
      throw CommandFailure(.usage, "\(option): no device of this fleet that has a connection is called '\(name)'")
    }
    return names
  }

  func run() throws {
    let fleet = try FleetLoader.loadFleet(path: fleet, profileFolders: ProfileFolders.installed).fleet
    let names = serverName.isEmpty ? ["localhost", "127.0.0.1"] : serverName
    let devices = fleet.connectingIDs
    let faults = CertificateFolder.Faults(
      expired: try self.names(expired, option: "--expired", among: devices, fromLast: false),
      revoked: try self.names(revoked, option: "--revoked", among: devices, fromLast: true))
    do {
      let contents = try CertificateFolder.make(at: out, serverNames: names, deviceIDs: devices, faults: faults)
      print("\(contents.created.count) files made, \(contents.kept.count) kept in \(out)")
      print("in the fleet file: transport: {mqtt: {authority: \(out)/ca.crt, device_certificates: \(out)/devices, ...}}")
      if !faults.revoked.isEmpty {
        print("\(faults.revoked.count) revoked in \(out)/crl.pem: mosquitto takes it as crlfile, a fleet as crl")
      }
    } catch {
      throw CommandFailure(.usage, error.description)
    }
  }
}
