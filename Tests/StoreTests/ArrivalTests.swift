import FleetSpec
import StoreFixtures
import Testing

@testable import Store

@Suite struct ArrivalTests {
  @Test(arguments: Engine.available) func latenciesAreCountedInTheStore(engine: Engine) throws {
    let table = try ReadingsTable(engine)
    // Microseconds from timestamp to arrival, in two stretches by turns; the last two do not count.
    let latencies: [Int64?] = [0, 1, 999, 1_000, 1_040, 5_000_000, 86_400_000_000, -2_000, nil, 180_000_000_000]
    var rows = latencies.enumerated().map { index, latency in
      let time = TestRow.start + Int64(index % 2) * 60_000_000 + Int64(index)
      return TestRow(time: time, arrival: latency.map { time + $0 })
    }
    let outside = TestRow.start + 600_000_000
    rows.append(TestRow(time: outside, arrival: outside + 1_000))
    try table.insert(rows)
    let range = TimeRange(from: TestRow.start, to: TestRow.start + 120_000_000)
    let arrived = TimeRange(from: TestRow.start - 3_000, to: TestRow.start + 180_000_000_000)
    let query = try #require(try ArrivalQuery(range, every: 60_000_000, arrived: arrived, mapping: table.mapping))
    var groups: [ArrivalQuery.Group] = []
    try query.forEachGroup(on: engine.connect()) { groups.append($0) }
    for (stretch, longest) in [(0, [0, 999, 1_040, 86_400_000_000]), (1, [-2_000, 1, 1_000, 5_000_000])] as [(Int64, [Int64])] {
      let found = groups.filter { $0.stretch == stretch }
      #expect(found.map(\.longest).sorted() == longest && found.allSatisfy { $0.count == 1 })
    }
  }

  @Test(arguments: Engine.available) func aTableWithoutArrivalsHasNoLatencies(engine: Engine) throws {
    let table = try ReadingsTable(engine, ingestedAt: false)
    let range = TimeRange(from: 0, to: 1)
    #expect(try ArrivalQuery(range, every: 1, arrived: range, mapping: table.mapping) == nil)
  }
}
