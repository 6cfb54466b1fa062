import Glibc

/// Fields of Protocol Buffers. Source: protobuf.dev, "Encoding".
extension ByteCursor {
  private enum Wire: UInt64 {
    case varint = 0
    case fixed64 = 1
    case bytes = 2
  }

  private mutating func put(varint value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      put(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    put(UInt8(truncatingIfNeeded: rest))
  }

  private mutating func put(tag field: UInt64, _ wire: Wire) { put(varint: field << 3 | wire.rawValue) }

  mutating func put(field: UInt64, varint value: UInt64) {
    put(tag: field, .varint)
    put(varint: value)
  }

  mutating func put(field: UInt64, double: Double) {
    put(tag: field, .fixed64)
    putBytes(of: double.bitPattern.littleEndian)
  }

  mutating func put(field: UInt64, text: StaticString) {
    put(tag: field, .bytes)
    put(varint: UInt64(text.utf8CodeUnitCount))
    put(text)
  }

  mutating func put(field: UInt64, string: String) {
    put(tag: field, .bytes)
    put(varint: UInt64(string.utf8.count))
    put(raw: string)
  }

  /// A message inside of a message, or a text, whose length is not known before it is written.
  mutating func put(message field: UInt64, _ body: (inout ByteCursor) -> Void) {
    put(tag: field, .bytes)
    let begin = position
    var inner = ByteCursor(at: begin + 1)
    body(&inner)
    let length = inner.position - (begin + 1)
    var extra = 0
    var rest = length >> 7
    while rest > 0 {
      extra += 1
      rest >>= 7
    }
    if extra > 0 { memmove(begin + 1 + extra, begin + 1, length) }
    put(varint: UInt64(length))
    skip(length)
  }

  /// A value of Sparkplug's property set.
  mutating func put(property type: SparkplugType, _ body: (inout ByteCursor) -> Void) {
    put(message: 2) { cursor in
      cursor.put(field: 1, varint: type.rawValue)
      body(&cursor)
    }
  }
}
