/// Stores the last rows again from time to time, as a consumer does that crashes after it wrote and before it committed its offset.
struct CrashReplay: Defect {
  static let description = DefectDescription(
    name: "crash-replay", summary: "after every so many rows, stores the last `rows` of them again",
    parameters: [
      .init(name: "every", standard: "5000", kind: .count), .init(name: "rows", standard: "200", kind: .count),
    ])
  private let every: Int
  private var sinceCrash = 0
  private var ring: ReplayRing

  init(_ parameters: DefectParameters) {
    every = Int(parameters.number("every"))
    ring = ReplayRing(size: Int(parameters.number("rows")))
  }

  /// Keeps a row in mind. True when the pipeline crashes now.
  mutating func stored(_ event: Event, _ message: UnsafeRawBufferPointer, unharmed: Bool) -> Bool {
    if unharmed { ring.keep(event, message) }
    sinceCrash += 1
    return sinceCrash >= every
  }

  /// The rows to store again, oldest first; starts to count anew.
  mutating func replay() -> [ReplayRing.Kept] {
    sinceCrash = 0
    return ring.take()
  }
}
