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
      """)

  @Argument(help: "The fleet file.", completion: .file(extensions: ["yaml", "yml"]))
  var fleet: String

  @Option(help: ArgumentHelp("The folder for the files.", valueName: "dir"), completion: .directory)
  var out: String

  @Option(help: ArgumentHelp("A name or address of the broker. May be repeated. Default: localhost and 127.0.0.1.", valueName: "name"))
  var serverName: [String] = []

  func run() throws {
    let fleet = try FleetLoader.loadFleet(path: fleet, profileFolders: ProfileFolders.installed).fleet
    let names = serverName.isEmpty ? ["localhost", "127.0.0.1"] : serverName
    do {
      let contents = try CertificateFolder.make(at: out, serverNames: names, deviceIDs: fleet.connectingIDs)
      print("\(contents.created.count) files made, \(contents.kept.count) kept in \(out)")
      print("in the fleet file: transport: {mqtt: {authority: \(out)/ca.crt, device_certificates: \(out)/devices, ...}}")
    } catch {
      throw CommandFailure(.usage, error.description)
    }
  }
}
