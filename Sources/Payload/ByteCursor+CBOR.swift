import Glibc

/// CBOR's data items, each with the shortest head. Source: RFC 8949, section 3 and Appendix B.
extension ByteCursor {
  /// - Parameters:
  ///   - major: 0...7.
  ///   - argument: a value, a length or a count.
  mutating func put(head major: UInt8, _ argument: UInt64) {
    let kind = major << 5
    switch argument {
    case 0..<24: put(kind | UInt8(argument))
    case 24..<0x100:
      put(kind | 24)
      put(UInt8(argument))
    case 0x100..<0x1_0000:
      put(kind | 25)
      put(bigEndian: UInt16(argument))
    case 0x1_0000..<0x1_0000_0000:
      put(kind | 26)
      put(bigEndian: UInt32(argument))
    default:
      put(kind | 27)
      put(bigEndian: argument)
    }
  }

  mutating func put(map count: Int) { put(head: 5, UInt64(count)) }

  mutating func put(integer: Int64) {
    if integer >= 0 { put(head: 0, UInt64(integer)) } else { put(head: 1, UInt64(bitPattern: ~integer)) }
  }

  /// A text.
  mutating func put(cbor text: StaticString) {
    put(head: 3, UInt64(text.utf8CodeUnitCount))
    put(text)
  }

  /// A text.
  mutating func put(text: String) {
    put(head: 3, UInt64(text.utf8.count))
    put(raw: text)
  }

  /// A string's bytes, without a head.
  mutating func put(raw text: String) {
    var text = text
    text.withUTF8 { put(UnsafeRawBufferPointer($0)) }
  }

  /// A text whose length is not known before it is written.
  /// - Parameter guess: no other length than one whose head is as long costs a move of the text.
  mutating func put(sized guess: Int, _ body: (inout ByteCursor) -> Void) {
    let begin = position
    var inner = ByteCursor(at: begin + (guess < 24 ? 1 : 2))
    let start = inner.position
    body(&inner)
    let length = inner.position - start
    let headLength = length < 24 ? 1 : length < 0x100 ? 2 : 3
    if begin + headLength != start { memmove(begin + headLength, start, length) }
    put(head: 3, UInt64(length))
    skip(length)
  }

  /// A fixed-point number: an integer without decimal places, otherwise a floating-point number.
  mutating func put(number steps: Int64, decimals: Int) {
    if decimals == 0 { put(integer: steps) } else { put(number: FixedPoint.double(steps, decimals: decimals)) }
  }

  /// The shortest of half, single and double precision that keeps the value; NaN is `f97e00`.
  mutating func put(number: Double) {
    if number.isNaN {
      put(0xf9 as UInt8)
      put(bigEndian: 0x7e00 as UInt16)
      return
    }
    let single = Float(number)
    guard Double(single) == number else {
      put(0xfb as UInt8)
      return put(bigEndian: number.bitPattern)
    }
    let half = Float16(single)
    if Float(half) == single {
      put(0xf9 as UInt8)
      put(bigEndian: half.bitPattern)
    } else {
      put(0xfa as UInt8)
      put(bigEndian: single.bitPattern)
    }
  }

  private mutating func put(bigEndian value: some FixedWidthInteger & BitwiseCopyable) { putBytes(of: value.bigEndian) }
}

/// Fixed-point numbers as others have them.
enum FixedPoint {
  private static func power(_ decimals: Int) -> Double {
    switch decimals {
    case 0: 1
    case 1: 1e1
    case 2: 1e2
    case 3: 1e3
    case 4: 1e4
    case 5: 1e5
    default: 1e6
    }
  }

  /// The double nearest to `steps` / 10^`decimals`, 0...6 of them, as a reader of the decimal digits has it.
  ///
  /// Both operands are exact below 2^53, so that the division rounds once.
  static func double(_ steps: Int64, decimals: Int) -> Double { Double(steps) / power(decimals) }
}
