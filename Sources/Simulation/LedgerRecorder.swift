import Firmware
import FleetSpec
import Ledger
import World

/// Joins Firmware to the ledger, and counts outcomes as they come.
public final class LedgerRecorder: DeliveryRecorder {
  public private(set) var acknowledged: Int64 = 0
  public private(set) var concluded: Int64 = 0
  public private(set) var sentAgain: Int64 = 0
  public private(set) var repeated: Int64 = 0
  private var book: DeliveryBook
  private var digests: DigestBook?
  private var counters: IntervalCounters?

  /// - Parameter digests: sums up what is measured; nil does not.
  public convenience init(deviceCount: Int, digests: DigestBook? = nil) {
    self.init(deviceCount: deviceCount, digests: digests, counters: nil)
  }

  /// - Parameters:
  ///   - digests: sums up what is measured; nil does not.
  ///   - counters: what is counted over time beside; nil for nothing.
  init(deviceCount: Int, digests: DigestBook?, counters: IntervalCounters?) {
    book = DeliveryBook(deviceCount: deviceCount)
    self.digests = digests
    self.counters = counters
  }

  public func measured(_ reading: Reading, device: Int) { digests?.add(reading, device: device) }

  public func record(_ delivery: Delivery) {
    concluded += 1
    if delivery.outcome == .acknowledged { acknowledged += 1 }
    counters?.count(delivery)
    let delay = delivery.firstSent > 0 ? delivery.firstSent - delivery.trueTime : 0
    // Of a reading that was sent more often, the first transmission may never have arrived: only the acknowledgement proves that one has.
    let isAnswered = delivery.attempts > 1 && delivery.acknowledgedAt > 0
    let arrival = isAnswered ? max(delay, delivery.acknowledgedAt - delivery.trueTime) : delay
    book.add(
      DeliveryRun(
        device: Int32(delivery.device), run: 0, firstSeq: delivery.seq, lastSeq: delivery.seq, outcome: delivery.outcome.rawValue,
        attempts: delivery.attempts, firstSent: delivery.firstSent, lastSent: delivery.lastSent,
        acknowledgedAt: delivery.acknowledgedAt, delayMinimum: delay, delayMaximum: arrival,
        ids: delivery.ids))
  }

  public func note(_ event: DeviceEvent, device: Int, seq: Int64, at time: Milliseconds) {
    if event == .sentAgain { sentAgain += 1 }
    if event == .repeated || event == .repeatedWithNewID || event == .batchReplayed { repeated += 1 }
    book.add(TimelineEntry(device: Int32(device), at: time, event: event.rawValue, seq: seq))
  }

  public func drain(into batch: inout LedgerBatch) {
    book.drain(into: &batch)
    counters?.drain(into: &batch)
    digests?.drain(into: &batch)
  }

  /// Nothing more will be measured.
  public func endMeasuring() { digests?.closeAll() }
}
