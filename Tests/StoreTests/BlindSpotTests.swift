import Store
import StoreFixtures
import Testing

/// Faults that weaker digests miss, each one computed by the store and compared with what was sent.
@Suite struct BlindSpotTests {
  struct Fault: Sendable, CustomTestStringConvertible {
    let name: String
    let sent: [TestRow]
    let stored: [TestRow]
    /// A change by one lane's modulus is the other lane's to see.
    var isHiddenFromOneLane = false
    var testDescription: String { name }
  }

  static func row(_ second: Int64, _ value: Double?, _ quality: String? = "GOOD") -> TestRow {
    TestRow(time: TestRow.start + second * 1_000_000, value: value, quality: quality)
  }

  static let steady = (0..<8).map { row($0, 230) }
  static let varied = (0..<8).map { row($0, Double($0 * $0) + 0.5, $0 % 3 == 0 ? "BAD" : "GOOD") }

  static func changed(_ rows: [TestRow], _ change: (inout [TestRow]) -> Void) -> [TestRow] {
    var copy = rows
    change(&copy)
    return copy
  }

  static let faults: [Fault] = [
    Fault(
      name: "repeats {A,A,B,B} as {A,A,A,A}", sent: [row(1, 5), row(1, 5), row(2, 6), row(2, 6)],
      stored: [row(1, 5), row(1, 5), row(1, 5), row(1, 5)]),
    Fault(name: "{0,3} lost, {1,2} twice, steady value", sent: [row(0, 7), row(3, 7)], stored: [row(1, 7), row(2, 7)]),
    Fault(
      name: "equal sums of squares, steady value", sent: [0, 3, 5, 6].map { row($0, 7) }, stored: [1, 2, 4, 7].map { row($0, 7) }),
    Fault(
      name: "equal sums of products: A B B A as B A A B", sent: [row(0, 1), row(1, 2), row(2, 2), row(3, 1)],
      stored: [row(0, 2), row(1, 1), row(2, 1), row(3, 2)]),
    Fault(name: "values swapped", sent: varied, stored: changed(varied) { ($0[2].value, $0[5].value) = ($0[5].value, $0[2].value) }),
    Fault(
      name: "qualities swapped", sent: varied, stored: changed(varied) { ($0[3].quality, $0[4].quality) = ($0[4].quality, $0[3].quality) }),
    Fault(name: "one quality changed", sent: varied, stored: changed(varied) { $0[1].quality = nil }),
    Fault(name: "one microsecond off", sent: varied, stored: changed(varied) { $0[6].time += 1 }),
    Fault(name: "all one microsecond off", sent: steady, stored: changed(steady) { for index in $0.indices { $0[index].time += 1 } }),
    Fault(
      name: "two shifted against each other", sent: steady,
      stored: changed(steady) {
        $0[1].time += 1
        $0[2].time -= 1
      }),
    Fault(name: "one millionth off", sent: varied, stored: changed(varied) { $0[6].value? += 1e-6 }),
    Fault(
      name: "values moved against each other", sent: steady,
      stored: changed(steady) {
        $0[1].value? += 1
        $0[2].value? -= 1
      }),
    Fault(
      name: "first modulus added to a value", sent: varied, stored: changed(varied) { $0[3].value? += 2147.483647 },
      isHiddenFromOneLane: true),
    Fault(
      name: "second modulus added to a value", sent: varied, stored: changed(varied) { $0[3].value? += 2147.483629 },
      isHiddenFromOneLane: true),
    Fault(name: "zero as NULL", sent: [row(0, 0)], stored: [row(0, nil)]),
    Fault(name: "sign lost", sent: [row(0, -3.5)], stored: [row(0, 3.5)]),
    Fault(name: "one lost, another twice", sent: steady, stored: changed(steady) { $0[0] = $0[7] }),
  ]

  @Test(arguments: Engine.available, faults)
  func isSeen(engine: Engine, fault: Fault) throws {
    #expect(fault.sent.count == fault.stored.count, "a count would show the fault anyway")
    let table = try ReadingsTable(engine)
    try table.insert(fault.stored)
    for seed in 0..<3 as Range<UInt64> {
      let keys = DigestKeys(seed: seed)
      let stored = try storedDigests(table, DigestTests.window, DigestTests.buckets, keys)
      let expected = expectedDigests(fault.sent, DigestTests.window, DigestTests.buckets, keys)
      #expect(stored.count == 1 && expected.count == 1)
      #expect(stored != expected, "seed \(seed)")
      if !fault.isHiddenFromOneLane {
        #expect(stored.values.first?.first != expected.values.first?.first, "first lane, seed \(seed)")
        #expect(stored.values.first?.second != expected.values.first?.second, "second lane, seed \(seed)")
      }
      #expect(stored == expectedDigests(fault.stored, DigestTests.window, DigestTests.buckets, keys))
    }
  }
}
