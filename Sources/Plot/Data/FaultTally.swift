import Drawing
import FleetSpec
import World

/// Faults that show in single readings, gathered while the readings are made for a picture: making them once more would cost as much.
struct FaultTally {
  /// Those that a timeline without readings does not tell, and their cause there.
  private static let kinds: [(fault: Fault, cause: Cause)] = [
    (.spike, .sensor), (.saturated, .sensor), (.recalibrated, .sensor), (.unitSwapped, .update), (.rolledOver, .counter),
    (.midnightReset, .counter), (.resetAtBoot, .counter), (.zeroAfterBoot, .counter), (.malformed, .payload),
  ]
  private let from: Milliseconds
  private let to: Milliseconds
  private var columns: [FaultSet]
  private var counts = [Int](repeating: 0, count: FaultTally.kinds.count)

  init(from: Milliseconds, to: Milliseconds, columns: Int) {
    self.from = from
    self.to = max(to, from + 1)
    self.columns = [FaultSet](repeating: [], count: columns)
  }

  /// - Parameter time: within the span of the picture.
  mutating func add(_ faults: FaultSet, at time: Milliseconds) {
    guard !faults.isEmpty else { return }
    let column = Int(Double(time - from) / Double(to - from) * Double(columns.count))
    columns[min(columns.count - 1, max(0, column))].formUnion(faults)
    for index in FaultTally.kinds.indices where faults.contains(FaultTally.kinds[index].fault) { counts[index] += 1 }
  }

  mutating func merge(_ other: FaultTally) {
    for column in columns.indices { columns[column].formUnion(other.columns[column]) }
    for index in counts.indices { counts[index] += other.counts[index] }
  }

  /// A row for each fault that was seen, with the columns in which it was.
  func rows(_ time: TimeScale) -> [StripPanel.Row] {
    FaultTally.kinds.indices.filter { counts[$0] > 0 }.map { index in
      let (fault, cause) = FaultTally.kinds[index]
      var spans: [StripPanel.Span] = []
      for column in columns.indices where columns[column].contains(fault) {
        let start = from + instant(column)
        let end = from + instant(column + 1)
        if let last = spans.last, last.end == start {
          spans[spans.count - 1].end = end
        } else {
          spans.append(StripPanel.Span(start: start, end: end, tooltip: "\(fault.label) in readings from \(time.stamp(start)) on"))
        }
      }
      return EventRows.row(fault, cause, count: counts[index], spans)
    }
  }

  private func instant(_ column: Int) -> Milliseconds {
    Milliseconds(Double(column) / Double(columns.count) * Double(to - from))
  }
}
