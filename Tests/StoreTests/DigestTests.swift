import FleetSpec
import Store
import StoreFixtures
import Testing

@Suite struct DigestTests {
  static let buckets = DigestBuckets(origin: TestRow.start, length: 60_000_000)
  static let window = TimeRange(from: TestRow.start, to: TestRow.start + 600_000_000)

  /// Values that databases and rounding get wrong.
  static let awkward: [Double?] = [
    nil, .nan, .infinity, -.infinity, 0, -0.0, 1e-7, 5e-7, 4.999e-7, -5e-7, -1e-6, 1.0000005, 0.1 + 0.2, 2147.483647, 4294.967294,
    8_999_999_999.999999, -8_999_999_999.999999, 9e9, -9e9, 1e15, 1e300, -1e300, .greatestFiniteMagnitude, .leastNonzeroMagnitude,
    Double(bitPattern: 7), -123_456_789.123456, 3.5,
  ]

  static func randomRows(_ count: Int, seed: UInt64) -> [TestRow] {
    var generator = SeededGenerator(seed: seed)
    let qualities: [String?] = ["GOOD", "GOOD", "BAD", "UNCERTAIN", "OUT_OF_RANGE", "SENSOR_FAULT", "good", "", nil]
    return (0..<count).map { index in
      let value: Double? =
        switch Int.random(in: 0..<6, using: &generator) {
        case 0: awkward[index % awkward.count]
        case 1: Double.random(in: -9.1e9...9.1e9, using: &generator)
        case 2: Double(Int64.random(in: -1_000_000...1_000_000, using: &generator)) / 1_000
        case 3: Double(bitPattern: UInt64.random(in: 0 ... .max, using: &generator))
        default: Double(Int64.random(in: -50_000...50_000, using: &generator)) / 10
        }
      return TestRow(
        time: TestRow.start + Int64.random(in: -60_000_000..<660_000_000, using: &generator),
        sensor: "inv-\(Int.random(in: 0..<7, using: &generator)).s'\\\"é", value: value,
        quality: qualities.randomElement(using: &generator) ?? nil, site: "site-\(Int.random(in: 0..<2, using: &generator))")
    }
  }

  @Test(arguments: Engine.available, [1, 2, 3] as [UInt64])
  func swiftAndSQLComputeTheSameNumbers(engine: Engine, seed: UInt64) throws {
    let rows = Self.randomRows(3_000, seed: seed)
    let table = try ReadingsTable(engine)
    try table.insert(rows)
    // QuestDB keeps an empty symbol apart from NULL, as PostgreSQL does.
    for keys in [DigestKeys(seed: seed), DigestKeys(seed: .max - seed), DigestKeys(seed: 0)] {
      let stored = try storedDigests(table, Self.window, Self.buckets, keys)
      let expected = expectedDigests(rows, Self.window, Self.buckets, keys)
      #expect(expected.count > 100)
      #expect(stored.count == expected.count)
      for (key, group) in expected { #expect(stored[key] == group, "\(key)") }
    }
  }

  /// One row per bucket: no error can hide in a sum.
  @Test(arguments: Engine.available)
  func everySingleTermIsEqual(engine: Engine) throws {
    let rows = Self.awkward.enumerated().flatMap { index, value in
      ["GOOD", "BAD", nil, "?"].enumerated().map { offset, quality in
        TestRow(time: TestRow.start + Int64(index * 4 + offset) * 1_000 + 7, value: value, quality: quality)
      }
    }
    let table = try ReadingsTable(engine)
    try table.insert(rows)
    let buckets = DigestBuckets(origin: TestRow.start, length: 1_000)
    let keys = DigestKeys(seed: 99)
    let stored = try storedDigests(table, Self.window, buckets, keys)
    for row in rows {
      let expected = expectedDigests([row], Self.window, buckets, keys)
      for (key, group) in expected { #expect(stored[key] == group, "\(row)") }
    }
  }

  @Test func termsStayBelowThirtyOneBits() {
    var generator = SeededGenerator(seed: 5)
    for _ in 0..<100_000 {
      let keys = DigestKeys(seed: generator.next())
      let value = Double.random(in: -1.1e10...1.1e10, using: &generator)
      let time = Int64.random(in: 0...253_402_300_799_999_999, using: &generator)
      let (first, second) = keys.terms(timestampMicroseconds: time, value: value, quality: Int.random(in: 1...99, using: &generator))
      #expect(0 <= first && first < 1 << 31 && 0 <= second && second < 1 << 31)
    }
  }

  @Test(arguments: Engine.available)
  func windowsArrivalsAndIdentitiesAreRespected(engine: Engine) throws {
    let table = try ReadingsTable(engine, attributes: [.siteID, .deviceID])
    let minute: Int64 = 60_000_000
    let rows = (0..<10).map {
      TestRow(time: TestRow.start + Int64($0) * minute, sensor: "inv-\($0 % 3).s", value: Double($0), arrival: TestRow.start + Int64($0))
    }
    try table.insert(rows + [TestRow(time: TestRow.start, sensor: "inv-0.s", value: 5, arrival: nil)])
    let keys = DigestKeys(seed: 1)
    func count(_ window: TimeRange, _ identities: IdentityFilter = .everything, arrived: TimeRange? = nil) throws -> Int64 {
      try storedDigests(table, window, Self.buckets, keys, identities, arrived: arrived).values.reduce(0) { $0 + $1.count }
    }
    let all = TimeRange(from: TestRow.start, to: TestRow.start + 10 * minute)
    #expect(try count(all) == 11)
    #expect(try count(TimeRange(from: TestRow.start + 1, to: TestRow.start + 9 * minute)) == 8)
    #expect(try count(TimeRange(from: TestRow.start + 1, to: TestRow.start + 9 * minute + 1)) == 9)
    #expect(try count(all, arrived: TimeRange(from: TestRow.start + 2, to: TestRow.start + 5)) == 3)
    #expect(try count(all, .sensorIDs(["inv-0.s", "inv-1.s"])) == 8)
    #expect(try count(all, .deviceIDs(["inv-2"])) == 3)
    #expect(try count(all, .siteIDs(["nowhere"])) == 0)
    #expect(try count(all, .sensorIDs([])) == 0)
    #expect(throws: StoreError.self) {
      try DigestQuery(TimeRange(from: 0, to: 1), buckets: Self.buckets, keys: keys, mapping: table.mapping)
    }
  }
}
