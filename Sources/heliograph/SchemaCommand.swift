import ArgumentParser
import FleetSpec

struct SchemaCommand: ParsableCommand {
  enum Kind: String, ExpressibleByArgument, CaseIterable {
    case fleet
    case firmwareProfile = "firmware-profile"
    case reference
  }

  static let configuration = CommandConfiguration(
    commandName: "schema",
    abstract: "Prints the JSON Schema of fleet files or firmware profiles, or the fleet reference.",
    discussion: """
      Editors that know JSON Schema complete and check fleet files with it. The files in schemas/ and docs/ are made by this command.

      EXAMPLES
        heliograph schema fleet > schemas/fleet.schema.json
        heliograph schema firmware-profile > schemas/firmware-profile.schema.json
        heliograph schema reference > docs/fleet-reference.md
      """)

  @Argument(help: "What to print: fleet, firmware-profile or reference.")
  var kind: Kind

  func run() {
    switch kind {
    case .fleet: print(SchemaGenerator.fleetSchema(), terminator: "")
    case .firmwareProfile: print(SchemaGenerator.firmwareProfileSchema(), terminator: "")
    case .reference: print(ReferenceGenerator.fleetReference(), terminator: "")
    }
  }
}
