import FleetSpec
import Reconciliation
import World

/// Tables in which nothing says whose a row is: how many readings have each verdict, as docs/mapping.md has it.
extension Oracle {
  /// How many readings, and for phantoms rows, have each verdict.
  func countAnonymously() -> [Verdict: Bounds] {
    let all = seen.filter { sight($0) != .never || isAtAnInstant($0) }
    let certain = all.filter { sight($0) == .always || isAtAnInstant($0) }
    var counter = AnonymousCounter(self)
    var bounds = counter.count(certain)
    guard certain.count < all.count else { return bounds }
    counter = AnonymousCounter(self)
    for (verdict, other) in counter.count(all) {
      let own = bounds[verdict] ?? Bounds()
      bounds[verdict] = Bounds(least: min(own.least, other.least), most: max(own.most, other.most))
    }
    return bounds
  }

  private func isAtAnInstant(_ row: TrackedRow) -> Bool { instants.contains(row.row.timestampMicroseconds) }
}

/// Counts verdicts instant by instant: equal readings of one instant are interchangeable, whoever measured them.
private struct AnonymousCounter {
  private let oracle: Oracle
  private var bounds: [Verdict: Bounds] = [:]
  private var missing: [Double: [ReadingName]] = [:]
  private var rows: [Double?: Int] = [:]

  init(_ oracle: Oracle) { self.oracle = oracle }

  private mutating func add(_ verdict: Verdict, _ least: Int, _ most: Int) { bounds[verdict, default: Bounds()].add(least, most) }

  private func value(_ name: ReadingName) -> Double {
    // An honest row has a value.
    oracle.honest.row(oracle.reading(name), of: name.device, at: 0).value ?? 0
  }

  mutating func count(_ table: [TrackedRow]) -> [Verdict: Bounds] {
    var found = Dictionary(grouping: table, by: \.row.timestampMicroseconds)
    for (instant, names) in oracle.readingsByInstant {
      count(names, (found.removeValue(forKey: instant) ?? []).map(\.row.value))
    }
    for row in found.values.joined() { rows[row.row.value, default: 0] += 1 }
    settle()
    return bounds
  }

  /// The readings and the rows of one instant.
  private mutating func count(_ names: [ReadingName], _ found: [Double?]) {
    var left: [Double?: Int] = [:]
    for value in found { left[value, default: 0] += 1 }
    var lacking: [ReadingName] = []
    for (value, members) in Dictionary(grouping: names, by: value) {
      // Acknowledged ones come first, then others that were sent, then those that must not be there.
      let order = members.sorted { (rank($0), $0.device, $0.seq) < (rank($1), $1.device, $1.seq) }
      let sent = order.filter { oracle.fate($0).mayHaveArrived }
      for name in order where !oracle.fate(name).mayHaveArrived {
        add(oracle.fate(name).outcome == .withheld ? .withheld : .discarded, 1, 1)
      }
      let matched = sent.prefix(left[value] ?? 0)
      let sound = matched.filter { !oracle.mustBeRejected(oracle.reading($0)) }
      add(.acceptedMalformed, matched.count - sound.count, matched.count - sound.count)
      let extra = (left[value] ?? 0) - matched.count
      deal(extra, among: Array(sound))
      // Further rows are copies of those that are there.
      left[value] = sound.isEmpty ? extra : 0
      lacking += sent.dropFirst(matched.count)
    }
    replace(lacking, left.values.reduce(0, +), &left)
    for (value, count) in left where count > 0 { rows[value, default: 0] += count }
  }

  private func rank(_ name: ReadingName) -> Int {
    if oracle.mustBeRejected(oracle.reading(name)) { return 2 }
    return oracle.fate(name).outcome == .acknowledged ? 0 : 1
  }

  /// Copies are dealt out one by one.
  private mutating func deal(_ extra: Int, among members: [ReadingName]) {
    guard !members.isEmpty else { return }
    for (index, name) in members.enumerated() {
      let count = 1 + extra / members.count + (index < extra % members.count ? 1 : 0)
      let allowed = oracle.allowedRows(oracle.fate(name))
      let least = count > allowed.upperBound ? 1 : 0
      let most = count > allowed.lowerBound ? 1 : 0
      add(.duplicated, least, most)
      add(.stored, 1 - most, 1 - least)
    }
  }

  /// A reading without a row has become another one of its instant that is left, from the least value on.
  private mutating func replace(_ lacking: [ReadingName], _ count: Int, _ left: inout [Double?: Int]) {
    let claimants = lacking.filter { !oracle.isBeyond($0) && rank($0) < 2 }.sorted {
      (rank($0), $0.device, $0.seq) < (rank($1), $1.device, $1.seq)
    }
    var taken = 0
    for name in claimants {
      // Of what was never acknowledged that is claimed only where there is a row for everybody.
      guard taken < count, rank(name) == 0 || count - taken >= lacking.count else {
        missing[value(name), default: []].append(name)
        continue
      }
      taken += 1
      add(.corrupted, 1, 1)
    }
    for name in lacking where !oracle.isBeyond(name) && rank(name) == 2 { missing[value(name), default: []].append(name) }
    for value in left.keys.sorted(by: { $0 ?? -.infinity < $1 ?? -.infinity }) where taken > 0 {
      let used = min(taken, left[value] ?? 0)
      left[value] = (left[value] ?? 0) - used
      taken -= used
    }
  }

  /// Rows elsewhere with the value of a reading that has none are that reading, misplaced; of the rest the fate decides.
  private mutating func settle() {
    for (value, names) in missing {
      let matched = min(names.count, rows[value] ?? 0)
      rows[value] = (rows[value] ?? 0) - matched
      add(.misplaced, matched, matched)
      let sets = names.map { oracle.verdictWithoutRow($0, oracle.fate($0)) }
      for verdict in Verdict.allCases {
        let most = sets.filter { $0.contains(verdict) }.count
        let least = sets.filter { $0.contains(verdict) && $0.isCertain }.count
        // Which of several is the misplaced one is not known.
        if most > 0 { add(verdict, max(0, least - matched), min(most, names.count - matched)) }
      }
    }
    let phantoms = rows.values.reduce(0, +)
    add(.phantom, phantoms, phantoms)
  }
}
