import Firmware
import FleetSpec
import Ledger
import Reactor

/// What was due, sent and acknowledged in each interval, and how long it took. Its memory is fixed when the run begins: counting allocates
/// nothing.
///
/// Latencies are counted by what should have happened: those from the measurement by the moment of measurement, so that an interval in which
/// nothing went out shows the long waits of its readings instead of nothing (coordinated omission: G. Tene, "How NOT to Measure Latency").
struct IntervalCounters {
  private struct Interval {
    var planned: UInt32 = 0
    var sent: UInt32 = 0
    var acknowledged: UInt32 = 0
    var sentToAcknowledged: Milliseconds = 0
    var measuredToAcknowledged: Milliseconds = 0
    var isDirty = false
  }

  private static let buckets = 128
  private let intervals: RunIntervals
  private var figures: [Interval]
  /// By interval, kind and bucket of `DurationHistogram`, here of milliseconds.
  private var latencies: [UInt32]
  private var dirty: [Int32] = []

  init(_ intervals: RunIntervals) {
    self.intervals = intervals
    figures = [Interval](repeating: Interval(), count: intervals.count)
    latencies = [UInt32](repeating: 0, count: intervals.count * LatencyKind.allCases.count * Self.buckets)
    dirty.reserveCapacity(intervals.count)
  }

  /// Takes in a delivery about which nothing more will be told.
  mutating func count(_ delivery: Delivery) {
    let measured = intervals.index(of: delivery.trueTime)
    figures[measured].planned += 1
    touch(measured)
    guard delivery.attempts > 0 else { return }
    let sent = intervals.index(of: delivery.firstSent)
    figures[sent].sent += 1
    touch(sent)
    guard delivery.outcome == .acknowledged else { return }
    let acknowledged = intervals.index(of: delivery.acknowledgedAt)
    figures[acknowledged].acknowledged += 1
    touch(acknowledged)
    let onTheWay = max(0, delivery.acknowledgedAt - delivery.firstSent)
    let inAll = max(0, delivery.acknowledgedAt - delivery.trueTime)
    figures[sent].sentToAcknowledged = max(figures[sent].sentToAcknowledged, onTheWay)
    figures[measured].measuredToAcknowledged = max(figures[measured].measuredToAcknowledged, inAll)
    latencies[position(sent, .sentToAcknowledged) + DurationHistogram.bucket(onTheWay)] += 1
    latencies[position(measured, .measuredToAcknowledged) + DurationHistogram.bucket(inAll)] += 1
  }

  private mutating func touch(_ interval: Int) {
    guard !figures[interval].isDirty else { return }
    figures[interval].isDirty = true
    dirty.append(Int32(interval))
  }

  private func position(_ interval: Int, _ kind: LatencyKind) -> Int {
    (interval * LatencyKind.allCases.count + Int(kind.rawValue) - 1) * Self.buckets
  }

  /// Hands over the present state of every interval that has changed.
  mutating func drain(into batch: inout LedgerBatch) {
    for number in dirty {
      let index = Int(number)
      let at = intervals.begin(of: index)
      let interval = figures[index]
      figures[index].isDirty = false
      batch.throughput.append(
        ThroughputRow(
          at: at, planned: Int64(interval.planned), sent: Int64(interval.sent), acknowledged: Int64(interval.acknowledged),
          sentToAcknowledged: interval.sentToAcknowledged, measuredToAcknowledged: interval.measuredToAcknowledged))
      for kind in LatencyKind.allCases {
        let first = position(index, kind)
        for bucket in 0..<Self.buckets where latencies[first + bucket] > 0 {
          batch.latencies.append(
            LatencyRow(at: at, kind: kind, upperBound: DurationHistogram.upperBound(bucket), count: Int64(latencies[first + bucket])))
        }
      }
    }
    dirty.removeAll(keepingCapacity: true)
  }
}
