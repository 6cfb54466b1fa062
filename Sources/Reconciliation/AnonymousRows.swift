import FleetSpec
import Store
import World

/// A reading in a table that does not tell whose a row is.
struct AnonymousReading: Comparable {
  var reading: Reading
  var fate: Fate
  var device: Int
  var sensor: Int
  var value: Double
  /// Whether the contract asks the pipeline to leave it out.
  var isRefused: Bool

  /// Among those of one instant, those come first of which it is surest that they must be there.
  static func < (left: Self, right: Self) -> Bool {
    func rank(_ item: Self) -> Int {
      if item.isRefused { return 2 }
      return item.fate.outcome == .acknowledged ? 0 : 1
    }
    return (left.reading.timestamp, rank(left), left.device, left.reading.seq)
      < (right.reading.timestamp, rank(right), right.device, right.reading.seq)
  }

  static func == (left: Self, right: Self) -> Bool { left.device == right.device && left.reading.seq == right.reading.seq }
}

struct AnonymousRow: Comparable {
  var timestampMicroseconds: Int64
  var value: Double?
  var arrival: Int64?

  init(_ row: TableRow) {
    timestampMicroseconds = row.timestampMicroseconds
    value = row.value
    arrival = row.ingestedAtMicroseconds
  }

  static func < (left: Self, right: Self) -> Bool {
    (left.timestampMicroseconds, left.value ?? -.infinity, left.arrival ?? 0)
      < (right.timestampMicroseconds, right.value ?? -.infinity, right.arrival ?? 0)
  }
}

struct AnonymousLeftovers {
  var missing: [AnonymousReading] = []
  var rows: [AnonymousRow] = []
}

/// The rows of one instant, to be given away by value.
struct AnonymousRows {
  private let rows: [AnonymousRow]
  private let tolerance: ValueTolerance
  private var isTaken: [Bool]
  private var byCode: [Int64: [Int]] = [:]
  private(set) var count: Int

  init(_ rows: ArraySlice<AnonymousRow>, _ tolerance: ValueTolerance) {
    self.rows = Array(rows)
    self.tolerance = tolerance
    count = rows.count
    isTaken = Array(repeating: false, count: rows.count)
    for index in self.rows.indices.reversed() { byCode[FixedPoint.code(self.rows[index].value ?? .nan), default: []].append(index) }
  }

  var rest: [AnonymousRow] { rows.indices.filter { !isTaken[$0] }.map { rows[$0] } }

  /// A row with a reading's value, nearly always without looking at all others: many devices may measure at one instant.
  mutating func take(_ value: Double) -> AnonymousRow? {
    guard count > 0 else { return nil }
    let code = FixedPoint.code(value)
    while let index = byCode[code]?.last {
      guard isTaken[index] || tolerance.accepts(rows[index].value, for: value) else { break }
      byCode[code]?.removeLast()
      if !isTaken[index] { return take(at: index) }
    }
    if tolerance == .exact && abs(value) < FixedPoint.limit { return nil }
    return rows.indices.first { !isTaken[$0] && tolerance.accepts(rows[$0].value, for: value) }.map { take(at: $0) }
  }

  /// Any row.
  mutating func takeFirst() -> AnonymousRow? { isTaken.firstIndex(of: false).map { take(at: $0) } }

  private mutating func take(at index: Int) -> AnonymousRow {
    isTaken[index] = true
    count -= 1
    return rows[index]
  }
}
