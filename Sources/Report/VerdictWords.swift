import Reconciliation

/// Verdicts in words.
enum VerdictWords {
  static func label(_ verdict: String) -> String { String(verdict.map { $0 == "_" ? " " : $0 }) }

  static func explanation(_ verdict: Verdict) -> String {
    switch verdict {
    case .stored: "in the store as sent"
    case .lost: "acknowledged, and not in the store"
    case .duplicated: "in the store more often than allowed"
    case .corrupted: "in the store with another value or attribute"
    case .misplaced: "in the store under another timestamp only"
    case .phantom: "rows that no device sent; not among the readings"
    case .droppedLate: "later than the contract accepts, not in the store"
    case .discarded: "never sent: the device had to let it go"
    case .withheld: "never sent: still buffered at the end"
    case .unconfirmed: "sent without acknowledgement, not in the store"
    case .rejected: "malformed on purpose, and not in the store"
    case .acceptedMalformed: "malformed on purpose, stored nevertheless"
    case .collided: "not in the store: another reading has its key"
    case .pending: "not in the store yet; it has not caught up"
    }
  }
}
