import FleetSpec

/// A series of any length in as many columns as the picture has pixels: the lowest and highest value of each, so that no extreme is lost.
struct Envelope: Sendable {
  let from: Milliseconds
  let to: Milliseconds
  private(set) var low: [Double]
  private(set) var high: [Double]
  private(set) var sum: [Double]
  private(set) var count: [Int32]
  /// The time of a column's first and last value.
  private(set) var first: [Milliseconds]
  private(set) var last: [Milliseconds]
  /// The value that came last in a column.
  private(set) var final: [Double]
  private(set) var total = 0
  /// The extremes of all, and when each was seen first.
  private(set) var lowest: (value: Double, time: Milliseconds) = (.infinity, 0)
  private(set) var highest: (value: Double, time: Milliseconds) = (-.infinity, 0)

  init(from: Milliseconds, to: Milliseconds, columns: Int) {
    self.from = from
    self.to = max(to, from + 1)
    low = [Double](repeating: .infinity, count: columns)
    high = [Double](repeating: -.infinity, count: columns)
    sum = [Double](repeating: 0, count: columns)
    count = [Int32](repeating: 0, count: columns)
    first = [Milliseconds](repeating: 0, count: columns)
    last = [Milliseconds](repeating: 0, count: columns)
    final = [Double](repeating: 0, count: columns)
  }

  var columns: Int { low.count }
  var isEmpty: Bool { total == 0 }
  var range: ClosedRange<Double> { isEmpty ? 0...1 : lowest.value...highest.value }

  /// - Parameter time: within `from..<to`; values outside are left out.
  mutating func add(_ value: Double, at time: Milliseconds) {
    guard time >= from, time < to, value.isFinite else { return }
    let column = min(columns - 1, Int(Double(time - from) / Double(to - from) * Double(columns)))
    if count[column] == 0 || time < first[column] { first[column] = time }
    if count[column] == 0 || time >= last[column] {
      last[column] = time
      final[column] = value
    }
    low[column] = min(low[column], value)
    high[column] = max(high[column], value)
    sum[column] += value
    count[column] += 1
    total += 1
    if value < lowest.value { lowest = (value, time) }
    if value > highest.value { highest = (value, time) }
  }

  /// Whether the mean of a column lies above another one's.
  func isAbove(_ other: Envelope, _ column: Int) -> Bool { count[column] > 0 && mean(column) > other.mean(column) }

  func mean(_ column: Int) -> Double { sum[column] / Double(count[column]) }
}

extension Envelope {
  /// Adds the values of another one of the same shape.
  mutating func merge(_ other: Envelope) {
    for column in 0..<columns where other.count[column] > 0 {
      if count[column] == 0 || other.first[column] < first[column] { first[column] = other.first[column] }
      if count[column] == 0 || other.last[column] >= last[column] {
        last[column] = other.last[column]
        final[column] = other.final[column]
      }
      low[column] = min(low[column], other.low[column])
      high[column] = max(high[column], other.high[column])
      sum[column] += other.sum[column]
      count[column] += other.count[column]
    }
    total += other.total
    if other.lowest.value < lowest.value { lowest = other.lowest }
    if other.highest.value > highest.value { highest = other.highest }
  }
}
