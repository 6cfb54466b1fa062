/// What became of a reading at its first arrival.
enum Fate: UInt8 {
  /// One row as it should be.
  case stored = 1
  /// Harmed: no row; copies make none either.
  case lost = 2
  /// Harmed, with rows; copies make no more.
  case harmed = 3
  /// Harmed by the short memory of `dedup-window`: copies outside of the window make further rows.
  case forgotten = 4
}

/// All readings seen so far: an open-addressing hash table, 24 bytes a slot, at most 3/4 full.
struct KeyMemory: ~Copyable {
  struct Entry {
    var key: ReadingKey
    /// Milliseconds since 1970 at which its last row arrived, times 8, plus the fate; 0 marks an empty slot.
    var packed: Int64 = 0

    var fate: Fate {
      get { Fate(rawValue: UInt8(truncatingIfNeeded: packed & 7)) ?? .stored }
      set { packed = packed & ~7 | Int64(newValue.rawValue) }
    }
    var arrival: Int64 {
      get { packed >> 3 }
      set { packed = newValue << 3 | packed & 7 }
    }
  }

  private var slots: UnsafeMutableBufferPointer<Entry>
  private(set) var count = 0
  private static let empty = Entry(key: ReadingKey(sensor: 0, timestamp: 0))

  init(capacity: Int = 1 << 16) {
    slots = .allocate(capacity: capacity)
    slots.initialize(repeating: Self.empty)
  }

  deinit { slots.deallocate() }

  private func slot(_ key: ReadingKey) -> Int {
    let mask = slots.count - 1
    var index = Int(truncatingIfNeeded: key.hash(0)) & mask
    while slots[index].packed != 0, slots[index].key != key { index = (index + 1) & mask }
    return index
  }

  subscript(key: ReadingKey) -> Entry? {
    let entry = slots[slot(key)]
    return entry.packed == 0 ? nil : entry
  }

  /// Adds a key or changes its entry.
  mutating func set(_ key: ReadingKey, _ fate: Fate, arrival: Int64) {
    let index = slot(key)
    if slots[index].packed == 0 { count += 1 }
    var entry = Entry(key: key)
    entry.fate = fate
    entry.arrival = arrival
    slots[index] = entry
    if count * 4 > slots.count * 3 { grow() }
  }

  private mutating func grow() {
    let old = slots
    slots = .allocate(capacity: old.count * 2)
    slots.initialize(repeating: Self.empty)
    for entry in old where entry.packed != 0 { slots[slot(entry.key)] = entry }
    old.deallocate()
  }
}
