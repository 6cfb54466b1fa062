/// Stores the time of arrival in milliseconds or seconds where microseconds belong. It harms no reading, so injected.ndjson says nothing of it.
struct IngestUnit: Defect {
  static let description = DefectDescription(
    name: "ingest-unit", summary: "stores the time of arrival in the wrong unit: it lands in 1970",
    parameters: [.init(name: "as", standard: "ms", kind: .choice(["ms", "s"]))])
  private let divisor: Int64

  init(_ parameters: DefectParameters) { divisor = parameters.choice("as") == "s" ? 1_000_000 : 1_000 }

  /// What is stored for an arrival in microseconds since 1970.
  func stored(_ arrival: Int64) -> Int64 { arrival / divisor }
}
