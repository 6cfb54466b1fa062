import Ledger
import Simulation
import Testing

@testable import Firmware

/// What the ledger says about when a reading arrived.
@Suite struct ArrivalBoundTests {
  private func run(_ attempts: Int32, firstSent: Int64, acknowledgedAt: Int64) -> DeliveryRun? {
    let recorder = LedgerRecorder(deviceCount: 1)
    recorder.record(
      Delivery(
        device: 0, seq: 0, outcome: .acknowledged, attempts: attempts, trueTime: 1_000, firstSent: firstSent, lastSent: acknowledgedAt - 10,
        acknowledgedAt: acknowledgedAt))
    var batch = LedgerBatch()
    recorder.drain(into: &batch)
    return batch.runs.first
  }

  /// The first transmission may have gone under, and the second one have come hours later: nothing proves that it was in time.
  @Test func onlyTheAcknowledgementProvesThatARedeliveredReadingHasArrived() {
    #expect(run(2, firstSent: 1_020, acknowledgedAt: 90_000)?.delayMaximum == 89_000)
    #expect(run(2, firstSent: 1_020, acknowledgedAt: 90_000)?.delayMinimum == 20)
    #expect(run(1, firstSent: 1_020, acknowledgedAt: 1_100)?.delayMaximum == 20)
  }
}
