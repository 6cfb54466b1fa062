import Firmware
import FleetSpec
import Ledger
import World

/// Joins Firmware to the ledger, and counts outcomes as they come.
final class LedgerRecorder: DeliveryRecorder {
  private(set) var acknowledged: Int64 = 0
  private(set) var concluded: Int64 = 0
  private(set) var sentAgain: Int64 = 0
  private(set) var repeated: Int64 = 0
  private var book: DeliveryBook
  private var digests: DigestBook?
  private var counters: IntervalCounters?

  /// - Parameters:
  ///   - digests: sums up what is measured; nil does not.
  ///   - counters: what is counted over time beside; nil for nothing.
  init(deviceCount: Int, digests: DigestBook?, counters: IntervalCounters? = nil) {
    book = DeliveryBook(deviceCount: deviceCount)
    self.digests = digests
    self.counters = counters
  }

  func measured(_ reading: Reading, device: Int) { digests?.add(reading, device: device) }

  func record(_ delivery: Delivery) {
    concluded += 1
    if delivery.outcome == .acknowledged { acknowledged += 1 }
    counters?.count(delivery)
    let delay = delivery.firstSent > 0 ? delivery.firstSent - delivery.trueTime : 0
    book.add(
      DeliveryRun(
        device: Int32(delivery.device), run: 0, firstSeq: delivery.seq, lastSeq: delivery.seq, outcome: delivery.outcome.rawValue,
        attempts: delivery.attempts, firstSent: delivery.firstSent, lastSent: delivery.lastSent,
        acknowledgedAt: delivery.acknowledgedAt, delayMinimum: delay, delayMaximum: delay,
        ids: delivery.ids))
  }

  func note(_ event: DeviceEvent, device: Int, seq: Int64, at time: Milliseconds) {
    if event == .sentAgain { sentAgain += 1 }
    if event == .repeated || event == .repeatedWithNewID || event == .batchReplayed { repeated += 1 }
    book.add(TimelineEntry(device: Int32(device), at: time, event: event.rawValue, seq: seq))
  }

  func drain(into batch: inout LedgerBatch) {
    book.drain(into: &batch)
    counters?.drain(into: &batch)
    digests?.drain(into: &batch)
  }

  /// Nothing more will be measured.
  func endMeasuring() { digests?.closeAll() }
}
