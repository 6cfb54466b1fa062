import Glibc

/// Reads JSON tokens (RFC 8259) from bytes, without allocating.
struct Scanner {
  let bytes: UnsafeRawBufferPointer
  var position = 0

  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  var isAtEnd: Bool { position >= bytes.count }

  mutating func skipSpace() {
    while position < bytes.count {
      switch bytes[position] {
      case 0x20, 0x09, 0x0a, 0x0d: position += 1
      default: return
      }
    }
  }

  mutating func take(_ byte: UInt8) -> Bool {
    skipSpace()
    guard position < bytes.count, bytes[position] == byte else { return false }
    position += 1
    return true
  }

  /// A string without its quotes. `plain` refuses escapes.
  mutating func string(plain: Bool) -> Slice? {
    guard take(UInt8(ascii: "\"")) else { return nil }
    let start = position
    while position < bytes.count {
      let byte = bytes[position]
      if byte == UInt8(ascii: "\"") {
        defer { position += 1 }
        return Slice(start: Int32(start), end: Int32(position))
      }
      if byte < 0x20 { return nil }
      if byte == UInt8(ascii: "\\") {
        guard !plain, escape() else { return nil }
      } else {
        position += 1
      }
    }
    return nil
  }

  private mutating func escape() -> Bool {
    guard position + 1 < bytes.count else { return false }
    switch bytes[position + 1] {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"), UInt8(ascii: "n"),
      UInt8(ascii: "r"),
      UInt8(ascii: "t"):
      position += 2
      return true
    case UInt8(ascii: "u"):
      guard position + 6 <= bytes.count else { return false }
      for index in position + 2..<position + 6 where isxdigit(Int32(bytes[index])) == 0 { return false }
      position += 6
      return true
    default: return false
    }
  }

  private func isDigit(_ index: Int) -> Bool { index < bytes.count && bytes[index] &- UInt8(ascii: "0") < 10 }

  /// A number, as its text; NaN and infinities are not JSON.
  mutating func number() -> Slice? {
    skipSpace()
    let start = position
    if position < bytes.count, bytes[position] == UInt8(ascii: "-") { position += 1 }
    guard isDigit(position) else { return nil }
    if bytes[position] == UInt8(ascii: "0"), isDigit(position + 1) { return nil }
    while isDigit(position) { position += 1 }
    if position < bytes.count, bytes[position] == UInt8(ascii: ".") {
      position += 1
      guard isDigit(position) else { return nil }
      while isDigit(position) { position += 1 }
    }
    if position < bytes.count, bytes[position] | 0x20 == UInt8(ascii: "e") {
      position += 1
      if position < bytes.count, bytes[position] == UInt8(ascii: "+") || bytes[position] == UInt8(ascii: "-") { position += 1 }
      guard isDigit(position) else { return nil }
      while isDigit(position) { position += 1 }
    }
    return Slice(start: Int32(start), end: Int32(position))
  }

  /// An object whose members are strings, numbers, booleans or null, as its text.
  mutating func flatObject() -> Slice? {
    guard take(UInt8(ascii: "{")) else { return nil }
    let start = position - 1
    if take(UInt8(ascii: "}")) { return Slice(start: Int32(start), end: Int32(position)) }
    repeat {
      guard string(plain: false) != nil, take(UInt8(ascii: ":")), scalar() else { return nil }
    } while take(UInt8(ascii: ","))
    guard take(UInt8(ascii: "}")) else { return nil }
    return Slice(start: Int32(start), end: Int32(position))
  }

  private mutating func scalar() -> Bool {
    skipSpace()
    guard position < bytes.count else { return false }
    switch bytes[position] {
    case UInt8(ascii: "\""): return string(plain: false) != nil
    case UInt8(ascii: "t"): return literal("true")
    case UInt8(ascii: "f"): return literal("false")
    case UInt8(ascii: "n"): return literal("null")
    default: return number() != nil
    }
  }

  private mutating func literal(_ word: StaticString) -> Bool {
    guard matches(Slice(start: Int32(position), end: Int32(min(bytes.count, position + word.utf8CodeUnitCount))), word) else {
      return false
    }
    position += word.utf8CodeUnitCount
    return true
  }

  func matches(_ slice: Slice, _ word: StaticString) -> Bool {
    guard slice.count == word.utf8CodeUnitCount, let base = bytes.baseAddress else { return false }
    return memcmp(base + Int(slice.start), word.utf8Start, slice.count) == 0
  }

  func integer(_ slice: Slice) -> Int64? {
    guard slice.count > 0, slice.count <= 19 else { return nil }
    var index = Int(slice.start)
    let negative = bytes[index] == UInt8(ascii: "-")
    if negative { index += 1 }
    guard index < Int(slice.end) else { return nil }
    var result: Int64 = 0
    while index < Int(slice.end) {
      guard isDigit(index) else { return nil }
      let (product, overflow) = result.multipliedReportingOverflow(by: 10)
      let (sum, carry) = product.addingReportingOverflow(Int64(bytes[index] &- UInt8(ascii: "0")))
      guard !overflow, !carry else { return nil }
      result = sum
      index += 1
    }
    return negative ? -result : result
  }
}
