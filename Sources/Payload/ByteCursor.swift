import Glibc

/// Writes text into memory that is known to be large enough. `ByteBuffer.write` makes sure that it is.
struct ByteCursor {
  /// Where the next byte goes.
  private(set) var position: UnsafeMutableRawPointer

  /// The room that writing a number takes: digits, sign and point, and as much again for working.
  static let digitRoom = 48
  private static let digitLimit = 24

  init(at position: UnsafeMutableRawPointer) {
    self.position = position
  }

  mutating func put(_ byte: UInt8) {
    position.storeBytes(of: byte, as: UInt8.self)
    position += 1
  }

  mutating func put(_ text: StaticString) {
    position.copyMemory(from: text.utf8Start, byteCount: text.utf8CodeUnitCount)
    position += text.utf8CodeUnitCount
  }

  mutating func put(_ bytes: UnsafeRawBufferPointer) {
    guard let base = bytes.baseAddress else { return }
    position.copyMemory(from: base, byteCount: bytes.count)
    position += bytes.count
  }

  mutating func put(_ integer: Int64) {
    if integer < 0 { put(UInt8(ascii: "-")) }
    putDigits(integer.magnitude, atLeast: 1)
  }

  /// `steps` / 10^`decimals` with exactly so many decimal places, 0...18.
  mutating func put(_ steps: Int64, decimals: Int) {
    if steps < 0 { put(UInt8(ascii: "-")) }
    putDigits(steps.magnitude, atLeast: decimals + 1)
    guard decimals > 0 else { return }
    let fraction = position - decimals
    // Overlapping on purpose: the fraction moves by one byte to make room for the point.
    memmove(fraction + 1, fraction, decimals)
    fraction.storeBytes(of: UInt8(ascii: "."), as: UInt8.self)
    position += 1
  }

  /// Writes the digits backwards further on, where their number does not matter yet, and moves them here.
  private mutating func putDigits(_ value: UInt64, atLeast minimum: Int) {
    let end = position + ByteCursor.digitLimit + ByteCursor.digitLimit / 2
    var digit = end
    var rest = value
    while rest >= 10 {
      let quotient = rest / 10
      digit -= 1
      digit.storeBytes(of: UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: rest &- quotient &* 10), as: UInt8.self)
      rest = quotient
    }
    digit -= 1
    digit.storeBytes(of: UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: rest), as: UInt8.self)
    while end - digit < minimum {
      digit -= 1
      digit.storeBytes(of: UInt8(ascii: "0"), as: UInt8.self)
    }
    let length = end - digit
    memmove(position, digit, length)
    position += length
  }
}
