/// For each of a fixed number of entries the time at which it wants to be woken: an indexed four-ary heap.
///
/// Changing a time costs O(log n); nothing is allocated after `init`.
public struct DueQueue {
  private var times: [Int64]
  private var heap: [Int32]
  private var positions: [Int32]

  /// All entries begin with no wish to be woken.
  public init(count: Int) {
    times = [Int64](repeating: .max, count: count)
    heap = (0..<Int32(count)).map { $0 }
    positions = heap
  }

  /// The earliest entry and its time, or nil when no entry wants to be woken.
  public var first: (entry: Int, time: Int64)? {
    guard let entry = heap.first, times[Int(entry)] != .max else { return nil }
    return (Int(entry), times[Int(entry)])
  }

  /// Sets the time of an entry; `.max` means never.
  public mutating func set(_ entry: Int, to time: Int64) {
    let earlier = time < times[entry]
    times[entry] = time
    let position = Int(positions[entry])
    if earlier { rise(position) } else { sink(position) }
  }

  private func before(_ left: Int32, _ right: Int32) -> Bool {
    // Ties go to the lower entry, so that the order of wake-ups is the same in every run.
    let leftTime = times[Int(left)]
    let rightTime = times[Int(right)]
    return leftTime != rightTime ? leftTime < rightTime : left < right
  }

  private mutating func place(_ entry: Int32, at position: Int) {
    heap[position] = entry
    positions[Int(entry)] = Int32(position)
  }

  private mutating func rise(_ start: Int) {
    var position = start
    let entry = heap[position]
    while position > 0 {
      let parent = (position - 1) / 4
      guard before(entry, heap[parent]) else { break }
      place(heap[parent], at: position)
      position = parent
    }
    place(entry, at: position)
  }

  private mutating func sink(_ start: Int) {
    var position = start
    let entry = heap[position]
    while true {
      let child = position * 4 + 1
      guard child < heap.count else { break }
      var smallest = child
      for candidate in (child + 1)..<max(child + 1, min(child + 4, heap.count)) where before(heap[candidate], heap[smallest]) {
        smallest = candidate
      }
      guard before(heap[smallest], entry) else { break }
      place(heap[smallest], at: position)
      position = smallest
    }
    place(entry, at: position)
  }
}
