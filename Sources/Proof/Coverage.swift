import Reconciliation

/// How often each fault site led to each verdict.
public struct Coverage: Sendable, Equatable {
  /// By verdict and site; `cells[verdict][sites]` counts what no single site is to blame for.
  private var cells: [[Int64]]
  private static let columns = FaultSite.allCases.count + 1

  public init() { cells = [[Int64]](repeating: [Int64](repeating: 0, count: Coverage.columns), count: Verdict.allCases.count) }

  private static func row(_ verdict: Verdict) -> Int { Verdict.allCases.firstIndex(of: verdict) ?? 0 }
  private static func column(_ site: FaultSite?) -> Int { site.map { Int($0.number) } ?? FaultSite.allCases.count }

  /// How many readings, or rows, have a verdict because of a site; nil stands for no site in particular.
  public subscript(_ verdict: Verdict, _ site: FaultSite?) -> Int64 { cells[Coverage.row(verdict)][Coverage.column(site)] }

  mutating func add(_ verdict: Verdict, _ site: FaultSite?, _ count: Int64) {
    cells[Coverage.row(verdict)][Coverage.column(site)] += count
  }

  mutating func add(_ other: Coverage) {
    for row in cells.indices {
      for column in cells[row].indices { cells[row][column] += other.cells[row][column] }
    }
  }
}
