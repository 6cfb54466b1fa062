/// Bytes at an address that stays the same until more are appended than ever before; libcurl is given such an address.
struct StableBytes {
  private(set) var base: UnsafeMutablePointer<UInt8>?
  private(set) var count = 0
  private var capacity = 0

  mutating func removeAll() { count = 0 }

  mutating func append(_ byte: UInt8) {
    reserve(count + 1)
    base?[count] = byte
    count += 1
  }

  mutating func append(_ bytes: UnsafeRawBufferPointer) {
    guard let source = bytes.baseAddress else { return }
    reserve(count + bytes.count)
    guard let base else { return }
    UnsafeMutableRawPointer(base + count).copyMemory(from: source, byteCount: bytes.count)
    count += bytes.count
  }

  /// Makes room for so many bytes in all, and keeps what is there.
  mutating func reserve(_ needed: Int) {
    guard needed > capacity else { return }
    let size = max(needed, capacity * 2, 512)
    let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: size)
    if let base {
      larger.update(from: base, count: count)
      base.deallocate()
    }
    base = larger
    capacity = size
  }

  /// Lets `body` write up to `room` bytes behind the content and say how many they are.
  mutating func write(atMost room: Int, _ body: (UnsafeMutablePointer<UInt8>) -> Int) {
    reserve(count + room)
    guard let base else { return }
    count += body(base + count)
  }

  /// Gives the memory back; what is left is as new.
  mutating func release() {
    base?.deallocate()
    self = StableBytes()
  }
}
