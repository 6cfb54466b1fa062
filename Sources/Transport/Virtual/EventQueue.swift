import FleetSpec

/// Things that will happen, earliest first, those of one instant in the order in which they were added: a binary heap.
struct EventQueue<Event> {
  private struct Entry {
    var time: Milliseconds
    var order: Int
    var event: Event
  }

  private var heap: [Entry] = []
  private var added = 0

  var isEmpty: Bool { heap.isEmpty }

  /// When the next thing happens; `.max` for never.
  var nextTime: Milliseconds { heap.first?.time ?? .max }

  private func before(_ left: Int, _ right: Int) -> Bool {
    (heap[left].time, heap[left].order) < (heap[right].time, heap[right].order)
  }

  mutating func add(_ event: Event, at time: Milliseconds) {
    heap.append(Entry(time: time, order: added, event: event))
    added += 1
    var child = heap.count - 1
    while child > 0, before(child, (child - 1) / 2) {
      heap.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  mutating func removeFirst() -> Event? {
    guard let first = heap.first else { return nil }
    let last = heap.removeLast()
    guard !heap.isEmpty else { return first.event }
    heap[0] = last
    var parent = 0
    while true {
      var smallest = parent
      for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count && before(child, smallest) { smallest = child }
      guard smallest != parent else { break }
      heap.swapAt(parent, smallest)
      parent = smallest
    }
    return first.event
  }

  /// Takes everything away that satisfies a condition, and returns it in order.
  mutating func removeAll(where condition: (Event) -> Bool) -> [Event] {
    var taken: [Entry] = []
    var kept: [Entry] = []
    for entry in heap {
      if condition(entry.event) { taken.append(entry) } else { kept.append(entry) }
    }
    // A sorted array is a heap.
    heap = kept.sorted { ($0.time, $0.order) < ($1.time, $1.order) }
    return taken.sorted { ($0.time, $0.order) < ($1.time, $1.order) }.map(\.event)
  }
}
