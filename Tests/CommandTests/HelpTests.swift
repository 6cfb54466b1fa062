import Foundation
import Testing

/// Help is an interface: it changes on purpose or not at all. `HELIOGRAPH_REGENERATE=1 swift test` writes the files anew.
@Suite struct HelpTests {
  static let commands = [
    "", "run", "reconcile", "report", "plan", "validate", "trace", "explain", "lab", "lab up", "lab down", "lab status", "certs", "doctor",
    "schema", "prove",
  ]

  @Test(arguments: commands) func helpIsAsWritten(command: String) throws {
    let words = command.split(separator: " ").map(String.init)
    let help = try Program.run(words + ["--help"])
    #expect(help.status == 0 && help.errors.isEmpty)
    #expect(help.output.contains("EXAMPLES"))
    let name = command.isEmpty ? "heliograph" : command.replacingOccurrences(of: " ", with: "-")
    let file = Program.repository.appendingPathComponent("Tests/CommandTests/Golden/\(name).txt")
    if ProcessInfo.processInfo.environment["HELIOGRAPH_REGENERATE"] == "1" {
      try help.output.write(to: file, atomically: true, encoding: .utf8)
    }
    #expect(help.output == (try String(contentsOf: file, encoding: .utf8)))
  }

  @Test(arguments: ["bash", "zsh", "fish"]) func completionsAreGenerated(shell: String) throws {
    let script = try Program.run("--generate-completion-script", shell)
    #expect(script.status == 0)
    for command in ["reconcile", "explain", "doctor"] { #expect(script.output.contains(command)) }
  }

  @Test(arguments: [
    ["run"], ["run", "x.yaml", "--speed", "fast"], ["report", "nowhere"], ["report"], ["report", "nowhere", "--format", "pdf"],
    ["reconcile"], ["plan", "no-such-file.yaml"],
    ["explain", "nowhere", "--device", "d", "--seq", "1"],
    ["lab", "up", "--folder", "/tmp/hl-never", "--defect", "drpo:rate=1%"], ["nonsense"],
    ["trace", "fleets/quickstart.yaml", "--from", "yesterday"], ["trace", "fleets/quickstart.yaml", "--device", "nobody"],
    ["run", "fleets/quickstart.yaml"], ["run", "fleets/quickstart.yaml", "--lab", "/nowhere"],
    ["run", "fleets/quickstart.yaml", "--set", "devices[0].count=-3"], ["prove", "--seeds", "0"], ["prove", "--sites", "nonsense"],
  ]) func wrongUsageEndsWithTwo(arguments: [String]) throws {
    let ended = try Program.run(arguments)
    #expect(ended.status == 2, "\(arguments): \(ended.errors)")
    #expect(!ended.errors.isEmpty && ended.output.isEmpty)
  }
}
