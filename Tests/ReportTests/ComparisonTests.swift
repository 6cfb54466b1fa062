import Testing

@testable import Report

@Suite struct ComparisonTests {
  private func line(_ comparison: Comparison, _ name: String) throws -> Comparison.Line {
    try #require(comparison.lines.first { $0.name == name }, "\(name)")
  }

  @Test func fewerLossesAreBetterAndSlowerIsWorse() throws {
    let old = try WrittenRun(losses: 8).report()
    let new = try WrittenRun(losses: 2, latency: 400).report()
    let comparison = Comparison(new, against: old)
    #expect(comparison.sameSeed && comparison.sameFleet)
    let lost = try line(comparison, "lost")
    #expect(lost.judgement == .better && lost.change == "−6" && lost.this.hasPrefix("2 (") && lost.other.hasPrefix("8 ("))
    #expect(try line(comparison, "stored").judgement == .better)
    #expect(try line(comparison, "outcome").judgement == .same)
    #expect(try line(comparison, "publish to acknowledgement, p99").judgement == .worse)
    #expect(try line(comparison, "messages per second").judgement == .same)
    let back = Comparison(old, against: new)
    #expect(try line(back, "lost").judgement == .worse && line(back, "publish to acknowledgement, p99").judgement == .better)
    let page = try ReadPage(HTMLReport(new, comparison: comparison))
    #expect(page.headings.contains("Comparison with written"))
    #expect(page.rows("lost").contains { $0.count == 5 && $0[3] == "−6" && $0[4] == "▲ better" })
  }

  @Test func aPassedRunIsBetterThanAFailedOne() throws {
    let comparison = Comparison(try WrittenRun(losses: 0).report(), against: try WrittenRun().report())
    #expect(try line(comparison, "outcome").judgement == .better)
  }

  @Test func anotherSeedOrFleetIsSaid() throws {
    let run = try WrittenRun().report()
    let seed = Comparison(run, against: try WrittenRun(seed: 8).report())
    #expect(!seed.sameSeed && seed.sameFleet && seed.basis.contains("not the same seed"))
    let fleet = Comparison(run, against: try WrittenRun(duration: "11m").report())
    #expect(fleet.sameSeed && !fleet.sameFleet && fleet.basis.contains("not the same fleet"))
  }

  @Test func whatOneRunDoesNotKnowIsNoDifference() throws {
    let comparison = Comparison(try WrittenRun().report(), against: try WrittenRun(isRecorded: false).report())
    let latency = try line(comparison, "publish to acknowledgement, p50")
    #expect(latency.other == "-" && latency.judgement == .other)
  }
}
