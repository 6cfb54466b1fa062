import Glibc

/// Writes text into memory that is known to be large enough. `ByteBuffer.write` makes sure that it is.
struct ByteCursor {
  /// Where the next byte goes.
  private(set) var position: UnsafeMutableRawPointer

  /// The room that writing a number takes: digits, sign and point.
  static let digitRoom = 48

  init(at position: UnsafeMutableRawPointer) {
    self.position = position
  }

  mutating func put(_ byte: UInt8) {
    position.storeBytes(of: byte, as: UInt8.self)
    position += 1
  }

  /// Takes back the last bytes that were written.
  mutating func back(_ count: Int) { position -= count }

  /// Leaves bytes as they are.
  mutating func skip(_ count: Int) { position += count }

  /// A value as it stands in memory.
  mutating func putBytes<Value: BitwiseCopyable>(of value: Value) {
    position.storeBytes(of: value, as: Value.self)
    position += MemoryLayout<Value>.size
  }

  /// What was written before, once more.
  mutating func put(again start: UnsafeMutableRawPointer, _ count: Int) {
    position.copyMemory(from: start, byteCount: count)
    position += count
  }

  /// The same byte over and over; there must be room for so many.
  mutating func put(_ byte: UInt8, times count: Int) {
    memset(position, Int32(byte), count)
    position += count
  }

  /// An instant as ISO 8601 has it, with milliseconds: `2026-06-21T00:00:00.123Z`.
  ///
  /// Source: H. Hinnant (2013), "chrono-Compatible Low-Level Date Algorithms", `civil_from_days`.
  mutating func put(instant: Int64) {
    let dayLength: Int64 = 86_400_000
    let days = instant >= 0 ? instant / dayLength : (instant - dayLength + 1) / dayLength
    let rest = instant - days * dayLength
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let month = (5 * dayOfYear + 2) / 153
    let civilMonth = month < 10 ? month + 3 : month - 9
    put(yearOfEra + era * 400 + (civilMonth <= 2 ? 1 : 0), digits: 4, then: UInt8(ascii: "-"))
    put(civilMonth, digits: 2, then: UInt8(ascii: "-"))
    put(dayOfYear - (153 * month + 2) / 5 + 1, digits: 2, then: UInt8(ascii: "T"))
    put(rest / 3_600_000, digits: 2, then: UInt8(ascii: ":"))
    put(rest / 60_000 % 60, digits: 2, then: UInt8(ascii: ":"))
    put(rest / 1000 % 60, digits: 2, then: UInt8(ascii: "."))
    put(rest % 1000, digits: 3, then: UInt8(ascii: "Z"))
  }

  private mutating func put(_ number: Int64, digits: Int, then separator: UInt8) {
    putDigits(number.magnitude, atLeast: digits)
    put(separator)
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

  /// Two digits at a time, from the last one to the first.
  private mutating func putDigits(_ value: UInt64, atLeast minimum: Int) {
    var rest = value
    let length = max(ByteCursor.digitCount(value), minimum)
    var digit = position + length
    let zeros: UInt16 = 0x3030
    while rest >= 100 {
      let quotient = rest / 100
      let pair = UInt16(truncatingIfNeeded: rest &- quotient &* 100)
      digit -= 2
      digit.storeBytes(of: (zeros &+ pair / 10 &+ (pair % 10) << 8).littleEndian, as: UInt16.self)
      rest = quotient
    }
    if rest >= 10 {
      let pair = UInt16(truncatingIfNeeded: rest)
      digit -= 2
      digit.storeBytes(of: (zeros &+ pair / 10 &+ (pair % 10) << 8).littleEndian, as: UInt16.self)
    } else {
      digit -= 1
      digit.storeBytes(of: UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: rest), as: UInt8.self)
    }
    while digit > position {
      digit -= 1
      digit.storeBytes(of: UInt8(ascii: "0"), as: UInt8.self)
    }
    position += length
  }

  private static func digitCount(_ value: UInt64) -> Int {
    var rest = value
    var count = 1
    while rest >= 10_000 {
      rest /= 10_000
      count += 4
    }
    return count + (rest >= 1000 ? 3 : rest >= 100 ? 2 : rest >= 10 ? 1 : 0)
  }
}
