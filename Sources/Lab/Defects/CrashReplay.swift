/// Stores the last rows again from time to time, as a consumer does that crashes after it wrote and before it committed its offset.
struct CrashReplay: Defect {
  static let description = DefectDescription(
    name: "crash-replay", summary: "after every so many rows, stores the last `rows` of them again",
    parameters: [
      .init(name: "every", standard: "5000", kind: .count), .init(name: "rows", standard: "200", kind: .count),
    ])

  /// A stored row with what is needed to store it again.
  struct Kept: Sendable {
    var message: [UInt8]
    var event: Event
  }

  private let every: Int
  private let rows: Int
  private var sinceCrash = 0
  private var ring: [Kept] = []
  private var next = 0

  init(_ parameters: DefectParameters) {
    every = Int(parameters.number("every"))
    rows = Int(parameters.number("rows"))
  }

  /// Keeps a row in mind. True when the pipeline crashes now.
  mutating func stored(_ event: Event, _ message: UnsafeRawBufferPointer, unharmed: Bool) -> Bool {
    if unharmed {
      let kept = Kept(message: Array(message), event: event)
      if ring.count < rows { ring.append(kept) } else { ring[next] = kept }
      next = (next + 1) % rows
    }
    sinceCrash += 1
    return sinceCrash >= every
  }

  /// The rows to store again, oldest first; starts to count anew.
  mutating func replay() -> [Kept] {
    sinceCrash = 0
    let kept = ring.count < rows ? ring : Array(ring[next...] + ring[..<next])
    ring.removeAll()
    next = 0
    return kept
  }
}
