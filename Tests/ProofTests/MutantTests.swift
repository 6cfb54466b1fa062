import Reconciliation
import Testing

@testable import Proof

/// A proof is worth what it notices: each way of breaking the reconciler on purpose must fail some seed.
@Suite struct MutantTests {
  /// By when each mutant is caught; a bound, so that a proof that has become blind is noticed.
  private static let patience = 400

  @Test(arguments: Mutation.allCases) func aBrokenReconcilerIsCaught(mutation: Mutation) throws {
    var options = ProofOptions(seeds: Self.patience, from: 1, minutes: 3, repeatEvery: 0)
    options.mostFailures = 1
    options.shrinks = false
    let result = try Prover(options, mutation: mutation).prove()
    print("mutant \(mutation.rawValue): caught after \(result.seedsPlayed) seeds")
    #expect(!result.verdictsHold, "\(mutation.rawValue) survives \(Self.patience) seeds")
  }

  @Test func aFailingSeedIsMadeSmallAndSaysHowToReplayIt() throws {
    var options = ProofOptions(seeds: Self.patience, from: 1, minutes: 3, repeatEvery: 0)
    options.mostFailures = 1
    let result = try Prover(options, mutation: .forgetsSecondLinks).prove()
    let failure = try #require(result.failures.first)
    #expect(failure.smallest.sites.contains(.secondLinks) && failure.smallest.sites.count <= failure.scenario.sites.count)
    #expect(failure.smallest.sites.count <= 3 && !failure.smallestMismatches.isEmpty)
    let text = ProofReport(result, commit: "abc").text
    #expect(text.contains("heliograph prove --from \(failure.scenario.seed) --seeds 1 --minutes 3"))
    #expect(text.contains("--sites"))
  }
}
