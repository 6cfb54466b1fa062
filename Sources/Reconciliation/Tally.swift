/// Counts by name. There may be endlessly many names: from a thousand on, new ones share one count.
struct Tally: Codable, Equatable {
  private(set) var counts: [String: Int64] = [:]

  static let mostNames = 1_000
  /// Stands for all names that came too late.
  static let others = "others"

  mutating func add(_ name: String, _ count: Int64 = 1) {
    if let present = counts[name] {
      counts[name] = present + count
    } else {
      counts[counts.count < Tally.mostNames ? name : Tally.others, default: 0] += count
    }
  }

  /// The most frequent first; equal ones by name.
  var sorted: [(name: String, count: Int64)] {
    counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { ($0.key, $0.value) }
  }
}
