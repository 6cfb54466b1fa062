import FleetSpec
import World

/// The bounded store-and-forward buffer of a device: a ring that grows up to its capacity and then lets readings go.
///
/// With `priority: live` the newest readings may be *live*: they leave before the backlog. Only few can be, those of about two samples; what
/// stays longer than that has become backlog.
public struct ReadingBuffer: Sendable {
  private var ring: [Outgoing] = []
  private var head: Int32 = 0
  private var filled: Int32 = 0
  /// How many of the newest readings are live.
  private var live: Int32 = 0
  private let liveLimit: Int32
  private let limit: Int32
  private let keepEvery: Int16
  private let overflow: StoreAndForward.Overflow
  private let order: StoreAndForward.Order

  /// - Parameter liveLimit: how many readings may be live at once.
  public init(_ specification: StoreAndForward, liveLimit: Int = 0) {
    self.init(
      capacity: specification.capacity, overflow: specification.overflow, order: specification.order,
      keepEvery: specification.keepEvery, liveLimit: specification.priority == .live ? liveLimit : 0)
  }

  /// A ring of the last readings: what is appended to a full one displaces the oldest.
  init(last count: Int) { self.init(capacity: count, overflow: .dropOldest, order: .oldestFirst, keepEvery: 2, liveLimit: 0) }

  private init(
    capacity: Int, overflow: StoreAndForward.Overflow, order: StoreAndForward.Order, keepEvery: Int, liveLimit: Int
  ) {
    limit = Int32(clamping: capacity)
    self.overflow = overflow
    self.order = order
    self.keepEvery = Int16(clamping: keepEvery)
    self.liveLimit = Int32(clamping: liveLimit)
  }

  /// Readings in the buffer.
  public var count: Int { Int(filled) }
  public var isEmpty: Bool { filled == 0 }
  private var capacity: Int { Int(limit) }

  /// True when readings must be thinned out before another one fits.
  public var needsThinning: Bool { filled == limit && overflow == .keepEveryNth }

  /// Adds the newest reading. Returns the reading that had to give way, if any.
  /// - Parameter isLive: whether it may leave before the backlog.
  public mutating func append(_ outgoing: Outgoing, isLive: Bool = false) -> Outgoing? {
    var dropped: Outgoing?
    if filled == limit {
      if overflow == .dropNewest || limit == 0 { return outgoing }
      dropped = popOldest()
    }
    reserve()
    ring[index(count)] = outgoing
    filled += 1
    live = isLive ? min(live + 1, liveLimit) : 0
    return dropped
  }

  /// Puts a reading back in front of all others. Returns it when there is no room.
  public mutating func prepend(_ outgoing: Outgoing) -> Outgoing? {
    guard filled < limit else { return outgoing }
    reserve()
    head = head == 0 ? Int32(ring.count - 1) : head - 1
    ring[Int(head)] = outgoing
    filled += 1
    return nil
  }

  /// True when the reading that leaves next is live.
  public var nextIsLive: Bool { live > 0 }

  /// The reading that leaves next.
  public var next: Outgoing? {
    guard filled > 0 else { return nil }
    if live > 0 { return ring[index(Int(filled - live))] }
    return order == .oldestFirst ? ring[Int(head)] : ring[index(count - 1)]
  }

  /// Removes the reading that `next` showed.
  public mutating func removeNext() {
    if live > 0 {
      for offset in Int(filled - live)..<(count - 1) { ring[index(offset)] = ring[index(offset + 1)] }
      live -= 1
    } else if order == .oldestFirst {
      head = Int32(index(1))
    }
    filled -= 1
  }

  /// What is live becomes backlog, as when the connection is lost.
  public mutating func endLive() { live = 0 }

  /// Removes and returns the oldest reading.
  public mutating func popOldest() -> Outgoing? {
    guard filled > 0 else { return nil }
    let oldest = ring[Int(head)]
    head = Int32(index(1))
    filled -= 1
    live = min(live, filled)
    return oldest
  }

  /// Removes and returns the oldest reading if it was measured before an instant.
  public mutating func popOldest(measuredBefore time: Milliseconds) -> Outgoing? {
    guard filled > 0, ring[Int(head)].reading.trueTime < time else { return nil }
    return popOldest()
  }

  /// Removes and returns the newest reading.
  mutating func popNewest() -> Outgoing? {
    guard filled > 0 else { return nil }
    filled -= 1
    live = max(0, live - 1)
    return ring[index(count)]
  }

  /// Thins out the older half: of each device's samples there every n-th stays. Returns what gave way; empty when the half is one sample.
  public mutating func thinOut() -> [Outgoing] {
    let half = count / 2
    var samples: [Int32: (time: Milliseconds, number: Int)] = [:]
    var dropped: [Outgoing] = []
    var kept = 0
    for offset in 0..<count {
      let outgoing = ring[index(offset)]
      if offset < half {
        let before = samples[outgoing.device]
        let number = before.map { $0.time == outgoing.reading.trueTime ? $0.number : $0.number + 1 } ?? 0
        samples[outgoing.device] = (outgoing.reading.trueTime, number)
        if number % Int(keepEvery) != 0 {
          dropped.append(outgoing)
          continue
        }
      }
      ring[index(kept)] = outgoing
      kept += 1
    }
    live = min(live, filled - Int32(half))
    filled = Int32(kept)
    return dropped
  }

  private func index(_ offset: Int) -> Int {
    let sum = Int(head) + offset
    return sum < ring.count ? sum : sum - ring.count
  }

  private mutating func reserve() {
    guard count == ring.count else { return }
    let filler = Outgoing(
      reading: Reading(boot: 0, sensor: 0, seq: 0, timestamp: 0, trueTime: 0, value: 0, quality: .good, malformation: .none),
      device: -1)
    let size = min(capacity, max(8, ring.count * 2))
    var larger = [Outgoing]()
    larger.reserveCapacity(size)
    for offset in 0..<count { larger.append(ring[index(offset)]) }
    while larger.count < size { larger.append(filler) }
    ring = larger
    head = 0
  }
}
