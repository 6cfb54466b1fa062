import Foundation
import Reconciliation

/// What a proof is to be made of.
public struct ProofOptions: Sendable {
  /// How many seeds; at least 1.
  public var seeds: Int
  /// The first seed, at most 2^63 - 1 as in a fleet file.
  public var from: UInt64
  /// How long devices measure in each run, minutes; at least 1.
  public var minutes: Int
  /// Every so many seeds one is played twice and must come out the same; 0 for never.
  public var repeatEvery: Int
  /// Whether failing seeds are made smaller.
  public var shrinks = true
  /// After so many failing seeds nothing more is tried.
  public var mostFailures = 5
  /// Sites of the only scenario that is played, instead of those that the seed draws; for replaying a shrunk one.
  public var sites: [FaultSite]?
  /// As above.
  public var devices: Int?

  public init(seeds: Int = 200, from: UInt64 = 1, minutes: Int = 3, repeatEvery: Int = 10) {
    self.seeds = seeds
    self.from = from
    self.minutes = minutes
    self.repeatEvery = repeatEvery
  }
}

/// A seed whose verdicts are not all right.
public struct FailedSeed: Sendable {
  public var scenario: Scenario
  public var mismatches: [Mismatch]
  /// The smallest scenario found that fails too, and what is wrong in it.
  public var smallest: Scenario
  public var smallestMismatches: [Mismatch]
}

/// What came of a proof.
public struct ProofResult: Sendable {
  public var options: ProofOptions
  /// The way in which the reconciler was broken on purpose, if it was.
  public var mutant: String?
  public var seedsPlayed = 0
  public var seedsRepeated = 0
  public var readings: Int64 = 0
  /// Readings for which the ledger's bounds leave two verdicts open.
  public var uncertain: Int64 = 0
  public var coverage = Coverage()
  public var failures: [FailedSeed] = []
  public var diagnosis = DiagnosisTally()
  /// How many seeds had which kind of table.
  public var tables: [TableKind: Int] = [:]
  public var tablesWithoutArrivals = 0

  /// Whether every verdict is right.
  public var verdictsHold: Bool { failures.isEmpty }
  public var holds: Bool { verdictsHold && diagnosis.holds }
}

/// Plays seed after seed and holds every verdict against the truth.
public struct Prover {
  private let options: ProofOptions
  private let folder: String
  private let mutation: Mutation?
  /// Called after each seed.
  public var onSeed: ((_ played: Int, _ failures: Int) -> Void)?

  /// - Parameter folder: for the files of one run at a time; nil for one in memory where this machine has it.
  public init(_ options: ProofOptions, folder: String? = nil) { self.init(options, folder: folder, mutation: nil) }

  package init(_ options: ProofOptions, folder: String? = nil, mutation: Mutation?) {
    self.options = options
    self.mutation = mutation
    let memory = "/dev/shm"
    let place = FileManager.default.isWritableFile(atPath: memory) ? memory : NSTemporaryDirectory()
    self.folder = folder ?? place + "/heliograph-proof-\(UUID().uuidString)"
  }

  private func scenario(_ seed: UInt64) -> Scenario {
    var scenario = Scenario(seed: seed, minutes: options.minutes)
    if let sites = options.sites { scenario.sites = sites }
    if let devices = options.devices { scenario.devices = devices }
    return scenario
  }

  private func play(_ scenario: Scenario) throws -> TrialOutcome { try Trial(scenario, folder: folder, mutation: mutation).run() }

  /// - Throws: when a virtual run cannot be set up at all.
  public func prove() throws -> ProofResult {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var result = ProofResult(options: options, mutant: mutation?.rawValue)
    for number in 0..<options.seeds {
      let seed = options.from &+ UInt64(number)
      var outcome = try play(scenario(seed))
      if options.repeatEvery > 0, number % options.repeatEvery == 0 {
        result.seedsRepeated += 1
        if try play(scenario(seed)).digest != outcome.digest {
          outcome.mismatches.append(Mismatch(description: "the second run of this seed differs from the first"))
        }
      }
      result.seedsPlayed += 1
      result.readings += outcome.readings
      result.uncertain += outcome.uncertain
      result.coverage.add(outcome.coverage)
      result.diagnosis.add(outcome.diagnosis)
      result.tables[outcome.scenario.tableKind, default: 0] += 1
      if outcome.scenario.has(.noArrivals) { result.tablesWithoutArrivals += 1 }
      if !outcome.holds { result.failures.append(try failure(outcome)) }
      onSeed?(result.seedsPlayed, result.failures.count)
      if result.failures.count >= options.mostFailures { break }
    }
    return result
  }

  private func failure(_ outcome: TrialOutcome) throws -> FailedSeed {
    var failed = FailedSeed(
      scenario: outcome.scenario, mismatches: outcome.mismatches, smallest: outcome.scenario, smallestMismatches: outcome.mismatches)
    guard options.shrinks else { return failed }
    // A scenario that cannot be played does not fail in the way that is looked for.
    var shrinker = Shrinker { candidate in (try? play(candidate).holds) == false }
    failed.smallest = shrinker.shrink(outcome.scenario)
    failed.smallestMismatches = try play(failed.smallest).mismatches
    return failed
  }
}
