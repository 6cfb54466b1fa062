import Foundation
import Reconciliation
import Report

/// Shows what a reconciliation is doing, and how long that will take.
final class StageDisplay {
  private let progress: ProgressDisplay
  private var label = ""
  private var began = Date()

  init(_ progress: ProgressDisplay) { self.progress = progress }

  func show(_ stage: ReconciliationStage) {
    switch stage {
    case .waiting(let rows, let least):
      let share = least > 0 ? Double(rows) / Double(least) : 1
      progress.show("waiting", share: share, detail: "\(Terminal.number(rows)) rows; until the store has stood still for the settling time")
    case .regenerating(let device, let count): show("expecting", device, count, "device \(device) of \(count)")
    case .digesting(let stretch, let count): show("digesting", stretch, count, "in the store, part \(stretch + 1) of \(count)")
    case .fetching(let rows, let count): show("fetching", Int(rows), Int(count), "\(Terminal.number(rows)) rows of what differs")
    case .judging(let device, let count): show("judging", device, count, "device \(device) of \(count) that differ")
    }
  }

  func note(_ text: String) { progress.show("continuing", share: 0, detail: text) }

  private func show(_ label: String, _ done: Int, _ total: Int, _ detail: String) {
    if label != self.label {
      self.label = label
      began = Date()
    }
    let share = Double(done) / Double(max(1, total))
    let left = RemainingTime.text(elapsed: Date().timeIntervalSince(began), share: share)
    progress.show(label, share: share, detail: detail + (left.map { ", about \($0) left" } ?? ""))
  }
}
