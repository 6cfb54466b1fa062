import ArgumentParser
import FleetSpec
import Foundation
import Simulation
import Transport
import World

/// What every command that reads a fleet file takes.
struct FleetArguments: ParsableArguments {
  @Argument(help: "The fleet file.", completion: .file(extensions: ["yaml", "yml"]))
  var fleet: String

  @Option(help: "Seed of all random draws; overrides the fleet file's.")
  var seed: UInt64?

  @Option(
    help: ArgumentHelp(
      "Readings per second that the whole fleet offers, such as 5000: sampling intervals are scaled to fit.", valueName: "rate"))
  var rate: String?

  @Option(
    name: .customLong("set"),
    help: ArgumentHelp("Overrides a value, for example devices[0].count=10. May be repeated.", valueName: "path=value"))
  var overrides: [String] = []

  @Option(help: "Takes broker and store from the lab in this folder.", completion: .directory)
  var lab: String?

  /// Reads and checks the fleet file.
  func load() throws -> LoadedFleet {
    var overrides = overrides
    if let seed { overrides.append("seed=\(seed)") }
    if let rate { overrides.append("rate=\(rate.contains("/") ? rate : rate + "/s")") }
    var overlay: String?
    if let lab {
      // A lab that serves several protocols has a connection file for each.
      let file = lab.hasSuffix(".yaml") ? lab : lab + "/connection.yaml"
      overlay = file
      guard FileManager.default.fileExists(atPath: file) else {
        throw CommandFailure(.usage, "there is no lab in '\(lab)'; start one with 'heliograph lab up --folder \(lab)'")
      }
    }
    let loaded = try FleetLoader.loadFleet(
      path: fleet, overrides: overrides, overlay: overlay, profileFolders: ProfileFolders.installed)
    try TransportProblems.check(loaded.fleet)
    return loaded
  }
}

/// Where profiles are looked for besides the fleet file's own folders.
enum ProfileFolders {
  static let installed: [String] = ["firmware-profiles"]
}

/// The start that stands in for `now` where the same bytes must come out on every run: 2026-06-21T00:00:00Z.
let referenceStart: Milliseconds = 1_782_000_000_000
