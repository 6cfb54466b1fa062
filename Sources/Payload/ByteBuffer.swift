import FleetSpec
import Glibc

/// Bytes in a row, reused over and over: once it has grown to the size that is needed, appending allocates nothing.
public struct ByteBuffer: Sendable {
  /// All of it is initialised; what lies behind `count` is left over from earlier use.
  private var storage: [UInt8]
  public private(set) var count = 0

  /// - Parameter capacity: how many bytes fit before it has to grow.
  public init(capacity: Int = 1024) {
    storage = [UInt8](repeating: 0, count: max(capacity, 64))
  }

  public var isEmpty: Bool { count == 0 }

  /// Forgets the content. Keeps the memory unless told otherwise.
  public mutating func removeAll(keepingCapacity: Bool = true) {
    count = 0
    if !keepingCapacity { storage = [UInt8](repeating: 0, count: 64) }
  }

  /// Forgets what lies behind the first `length` bytes; does nothing when there are fewer.
  public mutating func truncate(to length: Int) {
    count = min(count, max(0, length))
  }

  /// Takes away one byte; what stands behind it moves up.
  mutating func remove(at index: Int) {
    guard index >= 0, index < count else { return }
    for position in index..<(count - 1) { storage[position] = storage[position + 1] }
    count -= 1
  }

  public mutating func append(_ byte: UInt8) {
    write(atMost: 1) { $0.put(byte) }
  }

  public mutating func append(_ text: StaticString) {
    write(atMost: text.utf8CodeUnitCount) { $0.put(text) }
  }

  public mutating func append(_ bytes: [UInt8]) {
    bytes.withUnsafeBytes { append(bytes: $0) }
  }

  public mutating func append(bytes: UnsafeRawBufferPointer) {
    write(atMost: bytes.count) { $0.put(bytes) }
  }

  /// The UTF-8 of a string.
  public mutating func append(string: String) {
    var text = string
    text.withUTF8 { append(bytes: UnsafeRawBufferPointer($0)) }
  }

  /// A whole number in decimal digits.
  public mutating func append(_ integer: Int64) {
    write(atMost: ByteCursor.digitRoom) { $0.put(integer) }
  }

  /// A whole number in decimal digits.
  public mutating func append(_ integer: Int) {
    append(Int64(integer))
  }

  /// A fixed-point number: `steps` / 10^`decimals` with exactly so many decimal places, 0...18.
  public mutating func append(_ steps: Int64, decimals: Int) {
    write(atMost: ByteCursor.digitRoom) { $0.put(steps, decimals: decimals) }
  }

  /// The content; the pointer is valid during the call only.
  public func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
    try storage.withUnsafeBytes { try body(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
  }

  /// A copy of the content.
  public var bytes: [UInt8] { Array(storage[..<count]) }

  /// Lets `body` write up to `room` bytes (for every number `ByteCursor.digitRoom`) behind the content.
  mutating func write(atMost room: Int, _ body: (inout ByteCursor) -> Void) {
    let needed = count + room
    if needed > storage.count { grow(to: needed) }
    let used = count
    count = storage.withUnsafeMutableBytes { memory in
      // The storage is never empty, so it has a base address.
      guard let base = memory.baseAddress else { return used }
      var cursor = ByteCursor(at: base + used)
      body(&cursor)
      let end = cursor.position - base
      precondition(end <= memory.count, "more bytes were written than room was asked for")
      return end
    }
  }

  private mutating func grow(to needed: Int) {
    let target = max(needed, storage.count * 2)
    storage.append(contentsOf: repeatElement(0, count: target - storage.count))
  }
}
