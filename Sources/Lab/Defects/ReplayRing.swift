/// The last rows that were stored, for defects that store them again.
struct ReplayRing: Sendable {
  /// A stored row with what is needed to store it again.
  struct Kept: Sendable {
    var message: [UInt8]
    var event: Event
  }

  private let size: Int
  private var ring: [Kept] = []
  private var next = 0

  init(size: Int) { self.size = size }

  mutating func keep(_ event: Event, _ message: UnsafeRawBufferPointer) {
    let kept = Kept(message: Array(message), event: event)
    if ring.count < size { ring.append(kept) } else { ring[next] = kept }
    next = (next + 1) % size
  }

  /// The rows, oldest first; forgets them.
  mutating func take() -> [Kept] {
    let kept = ring.count < size ? ring : Array(ring[next...] + ring[..<next])
    ring.removeAll()
    next = 0
    return kept
  }
}
