import FleetSpec
import Reconciliation

/// Rows that are off by the same. Three must share an offset to the microsecond, which chance does not bring about.
struct TimeOffsetDetector: Detector {
  private static let fewest = 3
  private static let most = 5

  func detect(_ file: CaseFile) -> [Hypothesis] {
    var groups: [Int64: [Int]] = [:]
    for index in file.open(.misplaced) {
      guard let rows = file.cases[index].rows else { continue }
      groups[rows.timestampMicroseconds - file.cases[index].timestamp * 1_000, default: []].append(index)
    }
    let shared = groups.filter { $0.value.count >= Self.fewest }.sorted { ($1.value.count, $0.key) < ($0.value.count, $1.key) }
    return shared.prefix(Self.most).map { hypothesis($0.key, $0.value, file) }
  }

  private func hypothesis(_ shift: Int64, _ hits: [Int], _ file: CaseFile) -> Hypothesis {
    let extent = Extent(hits, file, what: "readings")
    let magnitude = Int64(shift.magnitude) / 1_000
    let quarter: Milliseconds = 900_000
    let isZone = Int64(shift.magnitude) % 1_000 == 0 && magnitude % quarter == 0 && magnitude <= 14 * 3_600_000
    let direction = shift > 0 ? "late" : "early"
    let zone = isZone ? ", as when a local time is taken for universal time or the reverse" : ""
    let amount = shift.magnitude % 1_000 == 0 ? Phrases.duration(magnitude) : "\(shift.magnitude) µs"
    return Hypothesis(
      cause: .timeOffset, statement: "stores \(extent.text) \(amount) too \(direction)\(zone)",
      evidence: [
        extent.evidence,
        Diagnosis.Evidence("all \(Phrases.number(Int64(hits.count))) of them are off by the same to the microsecond"),
      ],
      doubts: isZone ? [] : ["the offset is that of no time zone: a clock, or a delay that is added to the timestamp"],
      contract: .timestamp, explained: hits, subject: amount + " " + direction,
      detail: { item in
        "stored at \(Phrases.instant((item.rows?.timestampMicroseconds ?? 0) / 1_000))"
      })
  }
}
