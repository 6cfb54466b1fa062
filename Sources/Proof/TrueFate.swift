import FleetSpec
import World

/// What the network did to a reading, over all links, and what heliograph could know of it.
struct TrueFate {
  enum Outcome {
    case acknowledged
    case unconfirmed
    case discarded
    case withheld
    /// Heliograph died before it could write the end down.
    case unknown
    /// Measured after the last durable point of a run that died, if at all.
    case beyond
  }
  var outcome: Outcome
  /// Over all links.
  var sends: Int
  /// Event ids.
  var ids: Int
  /// Between the first and the last transmission, truly.
  var span: Milliseconds
  /// As above, as far as the bounds of a stretch in the ledger may reach.
  var spanBound: Milliseconds
  /// From the device's timestamp to the first transmission over the fastest acknowledged link; `.max` without one.
  var sentLateness: Milliseconds
  /// The same, as far as the ledger's bounds may reach.
  var latenessBound: Milliseconds
  /// From the device's timestamp to the first arrival over any link; `.max` for never.
  var arrivalLateness: Milliseconds
  /// By how much the timestamp is ahead of true time.
  var ahead: Milliseconds
  /// Whether it may have been sent more often than the ledger tells.
  var isOpenEnded: Bool

  var mayHaveArrived: Bool { outcome != .discarded && outcome != .withheld }
}

/// Finds the true fate of each reading of a device.
struct TrueFates {
  private let truth: Truth
  private let device: Int
  private let link: Int?
  /// The last durable instant and the number of checkpoints until then, of a run that died.
  private let death: (durable: Milliseconds, checkpoints: Int32)?
  private let stretches: [Int: [Stretch]]

  /// The bounds that a run-length coded stretch around a reading may have at most.
  private struct Stretch {
    var firstSent: Milliseconds
    var lastSent: Milliseconds
  }

  init(_ truth: Truth, device: Int, death: (durable: Milliseconds, checkpoints: Int32)?) {
    self.truth = truth
    self.device = device
    self.death = death
    link = truth.secondLinks[device]
    var stretches: [Int: [Stretch]] = [:]
    for each in [device, truth.secondLinks[device]].compactMap({ $0 }) { stretches[each] = TrueFates.stretches(truth.entries[each]) }
    self.stretches = stretches
  }

  /// Neighbours that were sent equally often may share a row of the ledger.
  private static func stretches(_ entries: [Truth.Entry]) -> [Stretch] {
    var list: [Stretch] = []
    var index = 0
    while index < entries.count {
      var stretch = Stretch(firstSent: entries[index].firstSent, lastSent: entries[index].lastSent)
      var end = index + 1
      while end < entries.count, entries[end].sends == entries[index].sends {
        stretch.firstSent = min(stretch.firstSent, entries[end].firstSent)
        stretch.lastSent = max(stretch.lastSent, entries[end].lastSent)
        end += 1
      }
      list += [Stretch](repeating: stretch, count: end - index)
      index = end
    }
    return list
  }

  private func isTold(_ entry: Truth.Entry) -> Bool { death.map { entry.toldIn < $0.checkpoints } ?? true }

  func fate(_ seq: Int) -> TrueFate {
    let links = [device, link].compactMap { $0 }
    let entries = links.map { truth.entries[$0][seq] }
    let told = entries.filter(isTold)
    let reading = entries[0].reading
    var fate = TrueFate(
      outcome: .unknown, sends: entries.reduce(0) { $0 + Int($1.sends) },
      ids: max(1, entries.reduce(UInt32(0)) { $0 | $1.copies }.nonzeroBitCount), span: 0, spanBound: 0, sentLateness: .max,
      latenessBound: .max, arrivalLateness: .max, ahead: reading.timestamp - reading.trueTime, isOpenEnded: told.count < entries.count)
    fate.outcome = outcome(told, of: entries.count, reading)
    measureTimes(&fate, links, seq, reading)
    return fate
  }

  private func outcome(_ told: [Truth.Entry], of count: Int, _ reading: Reading) -> TrueFate.Outcome {
    if told.contains(where: \.isAcknowledged) { return .acknowledged }
    guard told.count == count else {
      guard told.isEmpty, let death, reading.trueTime > death.durable else { return .unknown }
      return .beyond
    }
    if told.contains(where: { $0.sends > 0 }) { return .unconfirmed }
    return told.contains { $0.wasToldAtEnd } ? .withheld : .discarded
  }

  private func measureTimes(_ fate: inout TrueFate, _ links: [Int], _ seq: Int, _ reading: Reading) {
    var first = Milliseconds.max
    var last = Milliseconds.min
    var firstBound = Milliseconds.max
    var lastBound = Milliseconds.min
    for link in links {
      let entry = truth.entries[link][seq]
      guard entry.sends > 0 else { continue }
      let delay = entry.firstSent - reading.trueTime
      // Within a stretch of the ledger, delays stay within two seconds and an eighth of each other.
      let slack = 2_000 + delay / 8
      first = min(first, entry.firstSent)
      last = max(last, entry.lastSent)
      let stretch = stretches[link]?[seq]
      firstBound = min(firstBound, links.count > 1 ? entry.firstSent - slack : stretch?.firstSent ?? first)
      lastBound = max(lastBound, entry.sends > 1 || links.count == 1 ? stretch?.lastSent ?? last : entry.firstSent + slack)
      if entry.arrivedAt != .max { fate.arrivalLateness = min(fate.arrivalLateness, entry.arrivedAt - reading.timestamp) }
      guard entry.isAcknowledged, isTold(entry) else { continue }
      let surest = entry.sends > 1 ? entry.acknowledgedAt : entry.firstSent
      fate.sentLateness = min(fate.sentLateness, entry.firstSent - reading.timestamp)
      fate.latenessBound = min(fate.latenessBound, max(entry.firstSent, surest) + slack - reading.timestamp)
    }
    guard first <= last else { return }
    fate.span = last - first
    fate.spanBound = max(fate.span, lastBound - firstBound)
  }
}
