/// Forgets a reading's key some time after its last row, so that a later copy is stored again.
struct DedupWindow: Defect {
  static let description = DefectDescription(
    name: "dedup-window", summary: "forgets keys after a while: later copies of a reading are stored again",
    parameters: [.init(name: "window", standard: "2s", kind: .duration(signed: false))])
  private let window: Int64

  init(_ parameters: DefectParameters) { window = parameters.milliseconds("window") }

  /// - Parameter earlier: when the reading's last row arrived, milliseconds since 1970.
  func hasForgotten(_ copy: Arrival, earlier: Int64) -> Bool { copy.time - earlier > window }
}
