import Testing

@testable import Proof

/// Scenarios that once failed, as small as they got.
@Suite struct RegressionTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var seed: UInt64
    var devices: Int
    var sites: [FaultSite]
    var testDescription: String { "seed \(seed)" }

    init(_ seed: UInt64, _ devices: Int, _ sites: [FaultSite]) {
      self.seed = seed
      self.devices = devices
      self.sites = sites
    }
  }

  private static let cases = [
    // A row of nobody that is stamped after the last reading and arrives after the end was taken for one of the fleet's next run.
    Case(1_184, 1, [.clockSteps, .uploads, .brokerAmnesia, .phantom]),
    Case(1_217, 6, [.clockSteps, .loss, .lostAcknowledgements, .brokerCrash, .phantom]),
    // The same after a death, where nobody can tell: the oracle had claimed to know.
    Case(1_447, 2, [.clockSteps, .killed, .phantom]),
    // More than a hundred different shifts: what was left was called lost.
    Case(1_316, 4, [.clockSteps, .clones, .brokerAmnesia, .shiftedTimestamp, .upsert]),
    Case(3_875, 5, [.clockSteps, .timeUnit, .shiftedTimestamp]),
    // The order of rows decided which of several changed ones at a key was nobody's.
    Case(
      1_783, 6,
      [.batchReplays, .clockSteps, .clones, .secondLinks, .drop, .duplicate, .corruptedAttribute, .swappedValues]),
    // Two equal readings at a key, one of whose rows was changed: the oracle did not know that the other one is corrupted.
    Case(1_903, 3, [.clockSteps, .clones, .corruptedValue]),
    Case(3_745, 5, [.clockSteps, .clones, .reportFilter, .swappedValues]),
  ]

  @Test(arguments: cases) func holds(_ item: Case) throws {
    var options = ProofOptions(seeds: 1, from: item.seed, minutes: 1, repeatEvery: 1)
    options.sites = item.sites
    options.devices = item.devices
    options.shrinks = false
    let result = try Prover(options).prove()
    #expect(result.holds, "\(ProofReport(result, commit: "under test").text)")
  }
}
