import ArgumentParser
import FleetSpec
import Foundation
import Transport

struct ValidateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "validate",
    abstract: "Checks fleet files and firmware profiles.",
    discussion: """
      Prints every error with its place, what was expected and how to mend it. Starts nothing.

      EXAMPLES
        heliograph validate fleets/quickstart.yaml
        heliograph validate fleets/*.yaml firmware-profiles/*.yaml
      """)

  @Argument(help: "Fleet files and firmware profiles.", completion: .file(extensions: ["yaml", "yml"]))
  var files: [String]

  func run() throws {
    var failed = false
    for file in files {
      do {
        switch try FleetLoader.load(path: file, profileFolders: ProfileFolders.installed) {
        case .fleet(let fleet):
          try TransportProblems.check(fleet)
          print("\(file): fleet '\(fleet.name)', \(fleet.deviceCount) devices at \(fleet.sites.count) sites")
        case .profile(let profile): print("\(file): firmware profile '\(profile.name)', \(profile.sensors.count) sensors")
        }
      } catch let errors {
        for error in errors.errors { FileHandle.standardError.write(Data("\(error)\n".utf8)) }
        failed = true
      }
    }
    if failed { throw ExitStatus.usage.exit }
  }
}
