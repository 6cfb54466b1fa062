/// Crashes when the parser hands a null on, and stores the last rows again after the restart.
struct NullCrash: Defect {
  static let description = DefectDescription(
    name: "null-crash", summary: "a payload whose value is null crashes the pipeline, which then stores the last `rows` again",
    parameters: [.init(name: "rows", standard: "100", kind: .count)])
  private var ring: ReplayRing

  init(_ parameters: DefectParameters) { ring = ReplayRing(size: Int(parameters.number("rows"))) }

  mutating func stored(_ event: Event, _ message: UnsafeRawBufferPointer) { ring.keep(event, message) }

  /// The rows to store again, oldest first.
  mutating func replay() -> [ReplayRing.Kept] { ring.take() }
}
