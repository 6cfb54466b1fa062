/// Commands to an edge node.
public enum SparkplugCommand {
  /// Whether a payload on a node's command topic has the metric `Node Control/Rebirth` set to true.
  public static func asksForRebirth(_ payload: UnsafeRawBufferPointer) -> Bool {
    var reader = ProtobufReader(payload)
    while let field = reader.next() {
      if field.number == 2, let metric = field.bytes, isRebirth(metric) { return true }
    }
    return false
  }

  private static func isRebirth(_ metric: UnsafeRawBufferPointer) -> Bool {
    var reader = ProtobufReader(metric)
    var isNamed = false
    var isTrue = false
    while let field = reader.next() {
      if field.number == 1, let name = field.bytes { isNamed = name.elementsEqual("Node Control/Rebirth".utf8) }
      if field.number == 14 { isTrue = field.value != 0 }
    }
    return isNamed && isTrue
  }
}

/// Reads the fields of a Protocol Buffers message one by one; stops at what is none.
struct ProtobufReader {
  struct Field {
    var number: UInt64
    /// Of a number; 0 for bytes.
    var value: UInt64 = 0
    var bytes: UnsafeRawBufferPointer?
  }

  private let message: UnsafeRawBufferPointer
  private var position = 0

  init(_ message: UnsafeRawBufferPointer) { self.message = message }

  mutating func next() -> Field? {
    guard let tag = varint() else { return nil }
    var field = Field(number: tag >> 3)
    switch tag & 7 {
    case 0:
      guard let value = varint() else { return nil }
      field.value = value
    case 1:
      guard let bytes = take(8) else { return nil }
      field.value = bytes.loadUnaligned(as: UInt64.self)
    case 2:
      guard let length = varint(), let bytes = take(length) else { return nil }
      field.bytes = bytes
    case 5:
      guard let bytes = take(4) else { return nil }
      field.value = UInt64(bytes.loadUnaligned(as: UInt32.self))
    default: return nil
    }
    return field
  }

  private mutating func varint() -> UInt64? {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 64, by: 7) {
      guard position < message.count else { return nil }
      let byte = message[position]
      position += 1
      value |= UInt64(byte & 0x7f) << shift
      if byte < 0x80 { return value }
    }
    return nil
  }

  private mutating func take(_ length: UInt64) -> UnsafeRawBufferPointer? {
    guard length <= UInt64(message.count - position) else { return nil }
    defer { position += Int(length) }
    return UnsafeRawBufferPointer(rebasing: message[position..<position + Int(length)])
  }
}
