import World

/// The header field `Idempotency-Key` of one request: the same at each attempt, and no other request's.
///
/// A quoted UUID of version 8 (RFC 9562, 5.8), as draft-ietf-httpapi-idempotency-key-header asks for a structured string.
struct IdempotencyKey {
  static let name: StaticString = "Idempotency-Key: \""
  /// Of the field's text, without the zero byte.
  static let length = name.utf8CodeUnitCount + 36 + 1

  /// Writes the field's text and a zero byte; `length` + 1 bytes.
  static func write(run: UInt64, device: Int, request: UInt32, to memory: UnsafeMutablePointer<UInt8>) {
    memory.update(from: name.utf8Start, count: name.utf8CodeUnitCount)
    let stream = RandomStream(seed: run, device: UInt64(device), stream: 700_010)
    let high = stream.bits(UInt64(request) * 2) & ~0xF000 | 0x8000
    let low = stream.bits(UInt64(request) * 2 + 1) & ~(3 << 62) | 2 << 62
    var position = name.utf8CodeUnitCount
    for digit in 0..<32 {
      if digit == 8 || digit == 12 || digit == 16 || digit == 20 {
        memory[position] = UInt8(ascii: "-")
        position += 1
      }
      let word = digit < 16 ? high : low
      let nibble = UInt8(truncatingIfNeeded: word >> UInt64(60 - digit % 16 * 4)) & 15
      memory[position] = nibble < 10 ? UInt8(ascii: "0") + nibble : UInt8(ascii: "a") + nibble - 10
      position += 1
    }
    memory[position] = UInt8(ascii: "\"")
    memory[position + 1] = 0
  }
}
