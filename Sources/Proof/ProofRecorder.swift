import Firmware
import FleetSpec
import Simulation
import World

/// Hands everything on to the real ledger, and notes only *when* each reading was told, never what was told about it.
final class ProofRecorder: DeliveryRecorder {
  let ledger: LedgerRecorder
  private let truth: Truth
  /// Checkpoints so far.
  var checkpoints: Int32 = 0
  var isEnding = false
  /// Readings that were told twice, or that nobody measured.
  private(set) var contradictions: [String] = []

  /// - Parameter digests: sums up what is measured, or nil.
  init(_ truth: Truth, digests: DigestBook?) {
    self.truth = truth
    ledger = LedgerRecorder(deviceCount: truth.world.devices.count, digests: digests)
  }

  func record(_ delivery: Delivery) {
    let seq = Int(delivery.seq)
    if truth.entries[delivery.device].indices.contains(seq), truth.entries[delivery.device][seq].toldIn == .max {
      truth.entries[delivery.device][seq].toldIn = checkpoints
      truth.entries[delivery.device][seq].wasToldAtEnd = isEnding
    } else {
      contradictions.append("device \(delivery.device) told reading \(seq) twice, or never measured it")
    }
    ledger.record(delivery)
  }

  func measured(_ reading: Reading, device: Int) { ledger.measured(reading, device: device) }

  func note(_ event: DeviceEvent, device: Int, seq: Int64, at time: Milliseconds) {
    ledger.note(event, device: device, seq: seq, at: time)
  }
}
