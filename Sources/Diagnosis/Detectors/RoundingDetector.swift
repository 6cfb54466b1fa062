import Glibc
import Reconciliation

/// Values with fewer decimal places than were sent. Five that are exactly the rounded ones suffice, of which two are not 0.
struct RoundingDetector: Detector {
  private struct Mode {
    var text: String
    var round: (Double) -> Double
  }

  private static var modes: [Mode] {
    [
      Mode(text: "cut") { $0.rounded(.towardZero) }, Mode(text: "rounded") { $0.rounded() },
      Mode(text: "rounded down") { $0.rounded(.down) },
      Mode(text: "rounded to the even") { $0.rounded(.toNearestOrEven) }, Mode(text: "rounded up") { $0.rounded(.up) },
    ]
  }

  func detect(_ file: CaseFile) -> [Hypothesis] {
    let open = file.open(.corrupted).filter { file.cases[$0].rows?.value != nil }
    for (digits, scale) in [1.0, 10, 100, 1_000].enumerated() {
      var best: (mode: Mode, hits: [Int])?
      for mode in Self.modes {
        let hits = open.filter { Self.isRounded(file.cases[$0], mode, scale) }
        if hits.count > best?.hits.count ?? 0 { best = (mode, hits) }
      }
      guard let best, best.hits.count >= Support.fewest, best.hits.filter({ file.cases[$0].rows?.value != 0 }).count >= 2,
        Self.isBeyondChance(best.hits, of: open, scale, file)
      else { continue }
      return [hypothesis(best.mode, digits, scale, best.hits, file)]
    }
    return []
  }

  /// Whether more of the changed values are the rounded ones than there are round ones among all that are sent: a value that was taken from
  /// another reading is round, and close, by chance now and then. Binomial (Chernoff), corrected for the modes and places that were tried.
  private static func isBeyondChance(_ hits: [Int], of open: [Int], _ scale: Double, _ file: CaseFile) -> Bool {
    var round = 0.0
    var all = 0.0
    for item in file.cases {
      all += item.weight
      if abs((item.value * scale).rounded() / scale - item.value) < 1e-9 { round += item.weight }
    }
    let chance = max(1e-3, round / max(1, all))
    let changed = open.filter { file.cases[$0].rows?.value != file.cases[$0].value }
    let share = Double(hits.count) / Double(max(1, changed.count))
    guard share > chance else { return false }
    let spared = share < 1 ? (1 - share) * log((1 - share) / (1 - chance)) : 0
    return Support.isSufficient(Double(changed.count) * (share * log(share / chance) + spared), tried: 20)
  }

  private static func isRounded(_ item: Case, _ mode: Mode, _ scale: Double) -> Bool {
    guard let found = item.rows?.value, found != item.value else { return false }
    let expected = mode.round(item.value * scale) / scale
    return abs(found - expected) <= 1e-12 * max(1, abs(expected))
  }

  private func hypothesis(_ mode: Mode, _ digits: Int, _ scale: Double, _ hits: [Int], _ file: CaseFile) -> Hypothesis {
    let couldChange: (Case) -> Bool = { item in mode.round(item.value * scale) / scale != item.value }
    let extent = Extent(hits, file, what: "values that have more", couldBe: couldChange)
    let places = digits == 0 ? "whole numbers" : digits == 1 ? "one decimal place" : "\(digits) decimal places"
    return Hypothesis(
      cause: .rounding, statement: "stores values \(mode.text) to \(places): \(extent.text)", evidence: [extent.evidence], contract: .value,
      explained: hits, foretells: (.corrupted, couldChange), detail: { "\($0.value) became \($0.rows?.value.map { "\($0)" } ?? "NULL")" })
  }
}
