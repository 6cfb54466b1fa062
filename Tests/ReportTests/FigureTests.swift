import Drawing
import FleetSpec
import Ledger
import Testing

@testable import Report

@Suite struct FigureTests {
  @Test(arguments: ["60s", "10m", "3h", "24h"]) func ratesAddUpToTheReadings(duration: String) throws {
    let run = try WrittenRun(duration: duration)
    let figures = try run.report().figures
    #expect(figures.grid.columns <= 145)
    let readings = run.breakdown.tables[0].rows.reduce(Int64(0)) { $0 + $1.readings.reduce(0, +) }
    for series in [figures.planned, figures.sent, figures.acknowledged] {
      let rates = try #require(series)
      var total = 0.0
      for (column, rate) in rates.enumerated() {
        let begin = figures.grid.begin(of: column)
        total += (rate ?? 0) * Double(min(begin + figures.grid.length, figures.grid.end) - begin) / 1_000
      }
      // The last column is shared with the end of the run.
      #expect(abs(total - Double(readings)) <= Double(readings) * 0.05 + 1, "\(duration): \(total) of \(readings)")
    }
  }

  /// Two shards of one fleet show what both did.
  @Test func figuresOfShardsAddUp() throws {
    let run = try WrittenRun()
    let ledger = try LedgerReader(path: run.folder.ledgerFile)
    let one = try RunFigures([ledger], grid: FigureGrid([ledger], fleet: run.world.fleet))
    let two = try RunFigures([ledger, ledger], grid: FigureGrid([ledger, ledger], fleet: run.world.fleet))
    #expect(two.grid == one.grid)
    func doubled(_ series: RunFigures.Series?) -> RunFigures.Series? { series?.map { $0.map { $0 * 2 } } }
    #expect(two.sent == doubled(one.sent) && two.connected == doubled(one.connected) && two.resident == doubled(one.resident))
    #expect(two.lag99 == one.lag99 && two.total(2) == 2 * one.total(2))
    #expect(two.sentToAcknowledged?.whole.count == (one.sentToAcknowledged?.whole.count ?? 0) * 2)
    #expect(two.sentToAcknowledged?.whole.p99 == one.sentToAcknowledged?.whole.p99)
    #expect(two.states.map(\.name) == one.states.map(\.name))
  }

  @Test func percentilesAreThoseOfTheBuckets() throws {
    let buckets: [(upperBound: Double, count: Int64)] = [(10, 1), (1, 90), (3, 8), (100, 1)]
    #expect(Percentiles(buckets, maximum: 80) == Percentiles(count: 100, p50: 1, p95: 3, p99: 10, maximum: 80))
    #expect(Percentiles([(5, 1)], maximum: 4) == Percentiles(count: 1, p50: 4, p95: 4, p99: 4, maximum: 4))
    #expect(Percentiles([], maximum: 0) == nil)
  }

  @Test func labelsKeepTheirDistance() {
    #expect(ChartFrame.spread([10, 11, 12], apart: 14, from: 0, to: 100) == [10, 24, 38])
    #expect(ChartFrame.spread([95, 96, 97], apart: 14, from: 0, to: 100) == [72, 86, 100])
    #expect(ChartFrame.spread([], apart: 14, from: 0, to: 100).isEmpty)
  }

  @Test(arguments: [(0.25, "0.25 ms"), (7, "7 ms"), (63, "63 ms"), (1_500, "1.5 s"), (24_240, "24.2 s"), (200_000, "3m 20s")])
  func durationsReadWell(milliseconds: Double, text: String) { #expect(Readable.duration(milliseconds) == text) }

  @Test(arguments: [(0, "0"), (999, "999"), (9_949, "9,949"), (12_345, "12 k"), (1_234_567, "1.2 M")])
  func countsAreShortWhereRoomIsScarce(count: Int64, text: String) { #expect(Readable.short(count) == text) }
}
