/// The elements of a JSON array of objects, without looking into them more than needed to find their ends.
enum EventArray {
  /// Calls `body` with each element.
  ///
  /// - Returns: false when the bytes are no array of objects; then nothing was called.
  static func split(_ bytes: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) -> Void) -> Bool {
    var elements: [Range<Int>] = []
    var scanner = Scanner(bytes)
    guard scanner.take(UInt8(ascii: "[")) else { return false }
    if !scanner.take(UInt8(ascii: "]")) {
      repeat {
        scanner.skipSpace()
        guard let end = objectEnd(bytes, from: scanner.position) else { return false }
        elements.append(scanner.position..<end)
        scanner.position = end
      } while scanner.take(UInt8(ascii: ","))
      guard scanner.take(UInt8(ascii: "]")) else { return false }
    }
    scanner.skipSpace()
    guard scanner.isAtEnd else { return false }
    for element in elements { body(UnsafeRawBufferPointer(rebasing: bytes[element])) }
    return true
  }

  /// What stands between the brackets, of bytes that are no array of objects.
  static func inside(_ bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    guard bytes.first == UInt8(ascii: "["), bytes.last == UInt8(ascii: "]"), bytes.count > 1 else { return bytes }
    return UnsafeRawBufferPointer(rebasing: bytes[1..<(bytes.count - 1)])
  }

  /// One behind the brace that closes the object which begins here.
  private static func objectEnd(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
    guard start < bytes.count, bytes[start] == UInt8(ascii: "{") else { return nil }
    var depth = 0
    var inText = false
    var position = start
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      if inText {
        if byte == UInt8(ascii: "\\") { position += 1 } else if byte == UInt8(ascii: "\"") { inText = false }
        continue
      }
      switch byte {
      case UInt8(ascii: "\""): inText = true
      case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        depth -= 1
        if depth == 0 { return position }
      default: break
      }
    }
    return nil
  }
}
