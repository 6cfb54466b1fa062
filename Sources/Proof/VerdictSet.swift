import Reconciliation

/// Verdicts that are right for a reading: one, as a rule; more where the ledger's bounds leave it open.
struct VerdictSet: Equatable, Sendable, CustomStringConvertible {
  private var bits: UInt32 = 0
  /// Whether it may also be that the reading is not counted.
  var mayBeUncounted = false

  /// No verdict at all: the reading must not be counted.
  static let uncounted = VerdictSet()

  private init() {}

  init(_ verdicts: Verdict...) {
    for verdict in verdicts { insert(verdict) }
  }

  private static func bit(_ verdict: Verdict) -> UInt32 {
    // `allCases` holds every case.
    1 << UInt32(Verdict.allCases.firstIndex(of: verdict) ?? 31)
  }

  mutating func insert(_ verdict: Verdict) { bits |= VerdictSet.bit(verdict) }
  mutating func remove(_ verdict: Verdict) { bits &= ~VerdictSet.bit(verdict) }
  mutating func formUnion(_ other: VerdictSet) {
    bits |= other.bits
    mayBeUncounted = mayBeUncounted || other.mayBeUncounted
  }
  func contains(_ verdict: Verdict) -> Bool { bits & VerdictSet.bit(verdict) != 0 }
  var isEmpty: Bool { bits == 0 }
  var isCertain: Bool { bits.nonzeroBitCount == 1 }

  var description: String { isEmpty ? "uncounted" : Verdict.allCases.filter(contains).map(\.rawValue).joined(separator: " or ") }
}
