import FleetSpec
import Ledger

/// What the run itself has proven of its broker.
extension Reconciler {
  func brokerNotes() -> [Finding] {
    let losses = facts.brokerLosses
    guard !losses.isEmpty else { return [] }
    let count = losses.reduce(0) { $0 + $1.count }
    let total = count == 1 ? "1 message" : "\(count) messages"
    return [
      Finding(
        severity: .note, subject: "broker_lost", title: "the broker had acknowledged \(total) that it has lost since", count: count,
        evidence: losses.map { loss in
          "\(loss); acknowledged from \(Units.format(instant: loss.firstAcknowledged)) to \(Units.format(instant: loss.lastAcknowledged))"
        }, examples: [])
    ]
  }
}
