/// Discards what arrives too long after its timestamp, as a stream processor does behind its watermark.
///
/// A late copy of a reading that is stored already is discarded too, which harms nobody.
struct LateCutoff: ArrivalDefect {
  static let description = DefectDescription(
    name: "late-cutoff", summary: "loses readings that arrive later than this after their timestamp",
    parameters: [.init(name: "after", standard: "5s", kind: .duration(signed: false))])
  private let after: Int64

  init(_ parameters: DefectParameters) { after = parameters.milliseconds("after") }

  func discards(_ arrival: Arrival) -> Bool { arrival.time - arrival.timestamp > after }

  func treat(_ arrival: Arrival) -> Harm? {
    guard discards(arrival) else { return nil }
    return Harm(verdict: .lost, rows: 0, detail: ",\"late_by_ms\":\(arrival.time - arrival.timestamp)")
  }
}
