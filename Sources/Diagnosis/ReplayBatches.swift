import FleetSpec

/// Second rows that came all at once: what a pipeline writes when it processes a stretch of its input again.
struct ReplayBatch {
  /// Numbers of the readings that were stored twice.
  var harmed: [Int]
  /// Arrivals of their second rows, microseconds.
  var again: ClosedRange<Int64>
  /// Between which their first transmissions lie, simulated milliseconds.
  var sent: ClosedRange<Milliseconds>
}

enum ReplayBatches {
  /// Second rows closer together than this, in microseconds, came at once.
  private static let gap: Int64 = 25_000
  /// How many times as close together as the first rows the second ones must have come.
  private static let compression: Int64 = 3
  /// Rows whose two arrivals lie closer together were written twice at once.
  private static let least: Int64 = 1_000

  /// Second rows follow their repeats, when those are what they come from, as far apart as the first ones. Of a stretch that is processed
  /// again they come together.
  static func find(_ file: CaseFile) -> [ReplayBatch] {
    let rows = file.open(.duplicated).compactMap { index -> (index: Int, first: Int64, again: Int64)? in
      guard let first = file.cases[index].rows?.firstArrival, let again = file.cases[index].rows?.lastArrival, again - first >= least
      else { return nil }
      return (index, first, again)
    }.sorted { ($0.again, $0.index) < ($1.again, $1.index) }
    var batches: [ReplayBatch] = []
    var start = 0
    for end in rows.indices where end + 1 == rows.count || rows[end + 1].again - rows[end].again > gap {
      if let batch = batch(rows[start...end], file) { batches.append(batch) }
      start = end + 1
    }
    return batches
  }

  private static func batch(_ rows: ArraySlice<(index: Int, first: Int64, again: Int64)>, _ file: CaseFile) -> ReplayBatch? {
    // Repeats may come at once too, after a connection broke.
    let once = rows.filter { file.cases[$0.index].attempts <= 1 }
    let firsts = once.map(\.first).sorted()
    guard once.count >= Support.fewest, once.count * 2 >= rows.count, let from = rows.first?.again, let to = rows.last?.again,
      let earliest = firsts.first, let latest = firsts.last, (to - from) * compression <= latest - earliest
    else { return nil }
    let sent = rows.map { file.cases[$0.index].sent }
    guard let begin = sent.min(), let end = sent.max() else { return nil }
    return ReplayBatch(harmed: rows.map(\.index), again: from...to, sent: begin...end)
  }
}
