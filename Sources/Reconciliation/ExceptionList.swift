/// Counts exceptions and keeps a few of each verdict as examples.
struct ExceptionList {
  private(set) var examples: [Verdict: [Exception]] = [:]
  /// How often each first word of a detail (the column, for corrupted values) occurred, by verdict.
  private(set) var details: [Verdict: Tally] = [:]

  mutating func add(_ exception: Exception, keeping limit: Int) {
    if examples[exception.verdict, default: []].count < limit { examples[exception.verdict, default: []].append(exception) }
    let kind = String(exception.detail.prefix { $0 != ":" })
    details[exception.verdict, default: Tally()].add(kind)
  }
}
