import Proof
import Testing

/// The seeds themselves: verdicts equal the truth.
@Suite struct SeedTests {
  /// Two hundred seeds where the compiler has optimised, twenty where it has not.
  private static var seeds: Int {
    #if DEBUG
      20
    #else
      200
    #endif
  }

  @Test func everyVerdictEqualsTheTruth() throws {
    let result = try Prover(ProofOptions(seeds: Self.seeds, from: 1, minutes: 3, repeatEvery: 10)).prove()
    #expect(result.holds, "\(ProofReport(result, commit: "under test").text)")
    #expect(result.seedsPlayed == Self.seeds && result.readings > 200 * Int64(Self.seeds))
    // A proof that leaves much open proves little.
    #expect(result.uncertain * 20 < result.readings)
  }

  #if !DEBUG
    @Test func noCellThatCanOccurIsEmpty() throws {
      let result = try Prover(ProofOptions(seeds: 600, from: 10_000, minutes: 3, repeatEvery: 0)).prove()
      let empty = Possibility.empty(result.coverage).map { "\($0.verdict.rawValue) by \($0.site?.rawValue ?? "devices and network")" }
      #expect(empty.isEmpty && result.verdictsHold, "\(empty)")
    }
  #endif

  /// The same seed is the same run, byte for byte, in any order.
  @Test func aSeedIsAlwaysTheSameRun() throws {
    let all = try Prover(ProofOptions(seeds: 6, from: 40, minutes: 2, repeatEvery: 1)).prove()
    let last = try Prover(ProofOptions(seeds: 3, from: 43, minutes: 2, repeatEvery: 1)).prove()
    #expect(all.holds && last.holds && all.readings > last.readings)
  }
}
