import ArgumentParser
import FleetSpec
import Foundation
import Lab
import Report

struct LabCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lab",
    abstract: "A private broker, store and reference pipeline on this machine.",
    discussion: """
      Everything lives in one folder and on free loopback ports; nothing outside of it is touched.

      EXAMPLES
        heliograph lab up
        heliograph lab up --defect drop:rate=1% --defect late-cutoff:after=5s
        heliograph lab status
        heliograph lab down
      """,
    subcommands: [Up.self, Down.self, Status.self, Pipeline.self])

  struct Folder: ParsableArguments {
    @Option(help: "The lab's folder.", completion: .directory)
    var folder: String = ".lab"

    var lab: Lab { Lab(folder: folder) }
  }

  struct Up: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Starts the lab, and returns when every part serves.",
      discussion: """
        Defects make the pipeline harm readings on purpose; each one that it harms is written to injected.ndjson in the folder.

        \(Defects.help)

        EXAMPLES
          heliograph lab up
          heliograph lab up --client-certificates --fleet fleets/quickstart.yaml
          heliograph lab up --http
          heliograph lab up --defect duplicate:rate=2%
          heliograph lab up --questdb postgresql://admin@127.0.0.1:8812/qdb
          heliograph lab up --kafka
        """)

    @OptionGroup var folder: Folder

    @Option(name: .customLong("defect"), help: ArgumentHelp("Makes the pipeline harm readings. May be repeated.", valueName: "spec"))
    var defects: [String] = []

    @Option(help: "Decides which readings a defect's rate selects.")
    var seed: UInt64 = 1

    @Flag(help: "The broker demands a certificate of every device of --fleet.")
    var clientCertificates = false

    @Flag(help: "The lab takes readings over HTTPS too, and `run --lab` sends them there.")
    var http = false
    @Flag(help: "A Kafka broker (noida-db) in place of mosquitto; the pipeline reads from it as a consumer group.")
    var kafka = false

    @Option(help: "The fleet whose devices get certificates.", completion: .file(extensions: ["yaml", "yml"]))
    var fleet: String?

    @Option(
      help: ArgumentHelp(
        "Writes to this QuestDB instead of a private PostgreSQL; its password comes from QUESTDB_PASSWORD.", valueName: "url"))
    var questdb: String?

    func run() throws {
      var devices: [String] = []
      if kafka && clientCertificates {
        throw CommandFailure(.usage, "--kafka: its broker does not look at certificates; leave out --client-certificates")
      }
      if clientCertificates {
        guard let fleet else { throw CommandFailure(.usage, "--client-certificates needs --fleet, whose devices get the certificates") }
        devices = try FleetLoader.loadFleet(path: fleet, profileFolders: ProfileFolders.installed).fleet.connectingIDs
      }
      do { _ = try Defects(defects, seed: seed) } catch { throw CommandFailure(.usage, "\(error)") }
      let outside = questdb.map { OutsideStore(url: $0, password: ProcessInfo.processInfo.environment["QUESTDB_PASSWORD"]) }
      let lab = folder.lab
      var options = LabOptions(
        defects: defects, seed: seed, clientCertificates: clientCertificates, deviceIDs: devices, outsideStore: outside)
      options.kafka = kafka
      options.http = http
      let result = try lab.up(options)
      print(result == .alreadyUp ? "the lab is up already" : "the lab is up")
      print(LabReport(try lab.status()).text(Terminal()), terminator: "")
      print("use it with: heliograph run FLEET --lab \(folder.folder)")
    }
  }

  struct Down: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Ends every process of the lab; its data stays.",
      discussion: """
        EXAMPLES
          heliograph lab down
          heliograph lab down --folder /tmp/my-lab
        """)

    @OptionGroup var folder: Folder

    func run() throws {
      try folder.lab.down()
      print("the lab is down")
    }
  }

  struct Status: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Tells which parts run, and what the pipeline counted.",
      discussion: """
        Exits with 3 when the lab is not up.

        EXAMPLES
          heliograph lab status
          heliograph lab status --json
        """)

    @OptionGroup var folder: Folder

    @Flag(help: "Prints JSON.")
    var json = false

    func run() throws {
      let status = try folder.lab.status()
      print(json ? try status.json() + "\n" : LabReport(status).text(Terminal()), terminator: "")
      if !status.isUp { throw ExitStatus.unreachable.exit }
    }
  }

  /// The pipeline's own process; started by `up`.
  struct Pipeline: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "The reference pipeline's process.", shouldDisplay: false)

    @OptionGroup var folder: Folder

    func run() throws {
      let status = runPipeline(folder: folder.folder)
      if status != 0 { throw ExitCode(status) }
    }
  }
}
