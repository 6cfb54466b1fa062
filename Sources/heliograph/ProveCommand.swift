import ArgumentParser
import Foundation
import Proof
import Reconciliation

struct ProveCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "prove",
    abstract: "Shows that verdicts are right, in virtual runs whose truth is known.",
    discussion: """
      Each seed draws a small fleet, faults of network and broker, and defects of a pipeline. The real firmware, ledger and reconciliation play
      it on a virtual clock, and every verdict must equal what really happened. A seed that fails is made as small as it gets. The diagnosis is
      held against the defects that were really there: one in a hundred findings may be false, and one in ten defects overlooked.

      EXAMPLES
        heliograph prove
        heliograph prove --seeds 10000 --from 1
        heliograph prove --from 4711 --seeds 1 --minutes 3
        heliograph prove --mutant forgets_lateness

      Exit code 0 when all seeds hold, 1 when one does not. See docs/proof.md.
      """)

  @Option(help: ArgumentHelp("How many seeds to play.", valueName: "number"))
  var seeds = 200

  @Option(help: ArgumentHelp("The first seed.", valueName: "seed"))
  var from: UInt64 = 1

  @Option(help: ArgumentHelp("How long the devices of a seed measure.", valueName: "number"))
  var minutes = 3

  @Option(help: ArgumentHelp("Every so many seeds one is played twice and must come out the same; 0 for never.", valueName: "number"))
  var twice = 10

  @Option(
    help: ArgumentHelp("Play with these fault sites instead of those that the seed draws, or with none: site,site.", valueName: "sites"))
  var sites: String?

  @Option(help: ArgumentHelp("Play with so many devices instead of those that the seed draws.", valueName: "number"))
  var devices: Int?

  @Option(
    help: ArgumentHelp(
      "Break the reconciler on purpose, to see that it is noticed: \(Mutation.allCases.map(\.rawValue).joined(separator: ", ")).",
      valueName: "name"))
  var mutant: String?

  @Option(help: ArgumentHelp("text or json.", valueName: "format"))
  var format = Format.text

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text
    case json
  }

  func run() throws {
    let options = try proofOptions()
    let mutation = try self.mutation()
    let commit = Commit.current
    if format == .text { print(ProofReport.opening(options, commit: commit)) }
    var prover = Prover(options, mutation: mutation)
    let began = Date()
    if isatty(STDERR_FILENO) != 0 {
      prover.onSeed = { played, failures in
        FileHandle.standardError.write(Data("\r\(played) of \(options.seeds) seeds, \(failures) failures".utf8))
      }
    }
    let result = try prover.prove()
    if isatty(STDERR_FILENO) != 0 {
      // What is printed on standard output is the same each time; how long it takes is not.
      let seconds = Date().timeIntervalSince(began)
      FileHandle.standardError.write(Data(String(format: " in %.1f s, %.1f seeds/s\n", seconds, Double(result.seedsPlayed) / seconds).utf8))
    }
    let report = ProofReport(result, commit: commit)
    print(format == .json ? try report.json() : report.text)
    if !result.holds { throw ExitStatus.broken.exit }
  }

  private func mutation() throws -> Mutation? {
    guard let mutant else { return nil }
    guard let mutation = Mutation(rawValue: mutant) else {
      let known = Mutation.allCases.map(\.rawValue).joined(separator: ", ")
      throw CommandFailure(.usage, "--mutant: there is no way '\(mutant)' to break the reconciler; known: \(known)")
    }
    return mutation
  }

  private func proofOptions() throws -> ProofOptions {
    func refuse(_ problem: String) -> CommandFailure { CommandFailure(.usage, problem) }
    guard (1...100_000_000).contains(seeds) else { throw refuse("--seeds: \(seeds) is not a number from 1 to 100000000") }
    guard from <= UInt64(Int64.max) - UInt64(seeds) else { throw refuse("--from: \(from) is too large; the last seed must be below 2^63") }
    guard (1...1_440).contains(minutes) else { throw refuse("--minutes: \(minutes) is not a number from 1 to 1440") }
    guard twice >= 0 else { throw refuse("--twice: \(twice) is negative; write 0 to play no seed twice") }
    var options = ProofOptions(seeds: seeds, from: from, minutes: minutes, repeatEvery: twice)
    if let devices {
      guard (1...100).contains(devices) else { throw refuse("--devices: \(devices) is not a number from 1 to 100") }
      options.devices = devices
    }
    if let sites {
      options.sites =
        try sites == "none"
        ? []
        : sites.split(separator: ",").map { name in
          guard let site = FaultSite(rawValue: String(name)) else {
            throw refuse("--sites: there is no fault site '\(name)'; known: \(FaultSite.allCases.map(\.rawValue).joined(separator: ", "))")
          }
          return site
        }.sorted()
    }
    return options
  }
}

/// Which source this program was built from, as far as it can be told where it runs.
enum Commit {
  static var current: String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["git", "rev-parse", "--short=12", "HEAD"]
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return "unknown" }
    process.waitUntilExit()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self).trimmingCharacters(
      in: .whitespacesAndNewlines)
    return process.terminationStatus == 0 && !text.isEmpty ? text : "unknown"
  }
}
