import FleetSpec
import World

/// A reading on its way out of the device.
public struct Outgoing: Sendable, Equatable {
  public var reading: Reading
  /// Index in `World.devices` of the device that measured it.
  public var device: Int32
  /// How often it was put on the wire so far.
  public var attempts: Int32 = 0
  public var firstSent: Milliseconds = 0
  public var lastSent: Milliseconds = 0
  /// When the first acknowledgement came, or 0.
  public var acknowledgedAt: Milliseconds = 0

  public init(reading: Reading, device: Int) {
    self.reading = reading
    self.device = Int32(device)
  }
}

/// The bounded store-and-forward buffer of a device: a ring that grows up to its capacity and then lets readings go.
public struct ReadingBuffer: Sendable {
  private var ring: [Outgoing] = []
  private var head = 0
  /// Readings in the buffer.
  public private(set) var count = 0
  private let capacity: Int
  private let overflow: StoreAndForward.Overflow
  private let order: StoreAndForward.Order

  public init(_ specification: StoreAndForward) {
    capacity = specification.capacity
    overflow = specification.overflow
    order = specification.order
  }

  public var isEmpty: Bool { count == 0 }

  /// Adds the newest reading. Returns the reading that had to give way, if any.
  public mutating func append(_ outgoing: Outgoing) -> Outgoing? {
    guard count == capacity else {
      reserve()
      ring[index(count)] = outgoing
      count += 1
      return nil
    }
    switch overflow {
    case .dropNewest: return outgoing
    case .dropOldest:
      let oldest = ring[head]
      head = index(1)
      ring[index(count - 1)] = outgoing
      return oldest
    }
  }

  /// Puts a reading back in front of all others. Returns it when there is no room.
  public mutating func prepend(_ outgoing: Outgoing) -> Outgoing? {
    guard count < capacity else { return outgoing }
    reserve()
    head = (head + ring.count - 1) % ring.count
    ring[head] = outgoing
    count += 1
    return nil
  }

  /// The reading that leaves next.
  public var next: Outgoing? {
    guard count > 0 else { return nil }
    return order == .oldestFirst ? ring[head] : ring[index(count - 1)]
  }

  /// Removes the reading that `next` showed.
  public mutating func removeNext() {
    if order == .oldestFirst { head = index(1) }
    count -= 1
  }

  /// Removes and returns the oldest reading.
  public mutating func popOldest() -> Outgoing? {
    guard count > 0 else { return nil }
    let oldest = ring[head]
    head = index(1)
    count -= 1
    return oldest
  }

  private func index(_ offset: Int) -> Int {
    let sum = head + offset
    return sum < ring.count ? sum : sum - ring.count
  }

  private mutating func reserve() {
    guard count == ring.count else { return }
    let filler = Outgoing(
      reading: Reading(boot: 0, sensor: 0, seq: 0, timestamp: 0, trueTime: 0, value: 0, quality: .good, malformation: .none),
      device: 0)
    var larger = [Outgoing]()
    larger.reserveCapacity(min(capacity, max(8, ring.count * 2)))
    for offset in 0..<count { larger.append(ring[index(offset)]) }
    while larger.count < min(capacity, max(8, ring.count * 2)) { larger.append(filler) }
    ring = larger
    head = 0
  }
}
