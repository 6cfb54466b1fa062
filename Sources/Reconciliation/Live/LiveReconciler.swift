import FleetSpec
import Ledger
import World

/// What is known of a run while it goes on.
public struct LiveState: Sendable {
  /// Of all readings whose timestamps lie before `until`; a row whose reading is not known yet counts as a phantom.
  public var counts = VerdictCounts()
  /// Timestamps before this instant are judged.
  public var until: Milliseconds
  /// Parts in which something is still open: sent too late to be asked for, or not sent yet.
  public var openParts = 0
  public var parts = 0
  /// What the last pass has found wrong for the first time: the first reading or row of each verdict that breaks the contract.
  public var news: [Exception] = []
}

/// Judges a run while it goes on: whatever is older than the settling time, part by part, as often as `pass` is called.
///
/// Each part is judged when it has settled, and again while anything in it is open: after as long a time as it was old, so that a part is
/// looked at as often as the run's length doubles, and never in every pass. A part knows only its own rows: what stands under a wrong
/// timestamp is lost here and a phantom there, until the whole run is judged at its end.
public final class LiveReconciler {
  private struct Part {
    var timestamps: Range<Milliseconds>
    var counts: VerdictCounts
    /// The instant of the run from which on it is looked at again; nil when nothing in it is open.
    var due: Milliseconds?
  }

  /// Open parts that one pass looks at again.
  private static let mostAgain = 4

  private let world: World
  private let ledger: RunLedger
  private let salt: UInt64
  private let settling: Milliseconds
  private let streams: StreamCheckpoints
  private var parts: [Part] = []
  private var seen: Set<Verdict> = []
  /// Is shown each part when it is judged for the first time.
  public var observer: (any JudgementObserver)?
  public private(set) var state: LiveState

  /// - Parameters:
  ///   - ledger: of the run, which another thread is writing.
  ///   - settling: the contract's settling time on the run's clock.
  public init(world: World, ledger: LedgerReader, settling: Milliseconds, salt: UInt64) {
    self.world = world
    self.ledger = RunLedger(ledger)
    self.settling = settling
    self.salt = salt
    streams = StreamCheckpoints(world)
    state = LiveState(until: world.timestampRange.lowerBound)
  }

  /// Judges what has settled since the last pass, and looks again at what was open.
  /// - Parameter store: may be another connection in each pass.
  /// - Throws: `StoreError` or `LedgerError`; the same is then judged in the next pass.
  public func pass(_ store: any RowStore) throws {
    state.news = []
    let now = try ledger.number("durable_until") ?? world.start
    let until = min(now - settling - world.clockMarginBefore - RunPart.coarsest, world.timestampRange.upperBound)
    if until > max(state.until, world.start) {
      let timestamps = state.until..<until
      var part = Part(timestamps: timestamps, counts: VerdictCounts(), due: nil)
      try judge(&part, store, now: now, isNew: true)
      parts.append(part)
      state.until = until
      streams.advance(to: until - world.clockMarginAfter)
    }
    let due = parts.indices.filter { parts[$0].due.map { $0 <= now } ?? false }
    for index in due.prefix(Self.mostAgain) { try judge(&parts[index], store, now: now) }
    state.parts = parts.count
    state.openParts = parts.reduce(0) { $0 + ($1.due == nil ? 0 : 1) }
  }

  private func judge(_ part: inout Part, _ store: any RowStore, now: Milliseconds, isNew: Bool = false) throws {
    var options = ReconciliationOptions(salt: salt &+ UInt64(bitPattern: now))
    options.samples = 1
    let stretch = RunPart(part.timestamps, of: world, settledUntil: now - settling, streams: streams)
    let reconciler = try Reconciler(world: world, ledger: ledger, store: store, options: options, part: stretch)
    if isNew { reconciler.observer = observer }
    var first: [Exception] = []
    reconciler.onException = { [seen] exception in
      guard !exception.verdict.isPermitted, !seen.contains(exception.verdict) else { return }
      if !first.contains(where: { $0.verdict == exception.verdict }) { first.append(exception) }
    }
    _ = try reconciler.reconcile()
    state.counts.replace(part.counts, by: reconciler.counts)
    part.counts = reconciler.counts
    seen.formUnion(first.map(\.verdict))
    state.news += first
    let isOpen = reconciler.counts[.unconfirmed] + reconciler.counts[.withheld] + reconciler.counts[.pending] > 0
    part.due = isOpen ? now + max(settling, now - part.timestamps.upperBound) : nil
  }
}
