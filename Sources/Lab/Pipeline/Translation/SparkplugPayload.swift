/// A Sparkplug B payload, as far as the pipeline needs it. Source: Sparkplug Specification 3.0.0, section 6.4.
struct SparkplugPayload {
  struct Metric {
    var name: String?
    var alias: UInt64?
    /// Milliseconds since 1970.
    var timestamp: UInt64?
    /// As JSON.
    var value = "null"
    /// Of a metric whose value is a text.
    var text: String?
    /// Numbers in decimal digits.
    var properties: [String: String] = [:]
  }

  private(set) var metrics: [Metric] = []

  /// The payload of the command that asks a node for its births.
  static let rebirth: [UInt8] = {
    let name = Array("Node Control/Rebirth".utf8)
    let metric = [0x0a, UInt8(name.count)] + name + [0x20, 11, 0x70, 1]
    return [0x12, UInt8(metric.count)] + metric
  }()

  /// Nil when the bytes are no such message.
  init?(_ message: UnsafeRawBufferPointer) {
    var fields = MessageFields(message)
    while let field = fields.next() {
      guard field.number == 2, let bytes = field.bytes else { continue }
      guard let metric = Self.metric(bytes) else { return nil }
      metrics.append(metric)
    }
    guard fields.isWhole else { return nil }
  }

  private static func metric(_ bytes: UnsafeRawBufferPointer) -> Metric? {
    var metric = Metric()
    var fields = MessageFields(bytes)
    while let field = fields.next() {
      switch field.number {
      case 1: metric.name = field.text
      case 2: metric.alias = field.value
      case 3: metric.timestamp = field.value
      case 9:
        guard let bytes = field.bytes, let properties = properties(bytes) else { return nil }
        metric.properties = properties
      case 10: metric.value = "\(Int32(truncatingIfNeeded: field.value))"
      case 11: metric.value = "\(Int64(bitPattern: field.value))"
      case 12: metric.value = json(Double(Float(bitPattern: UInt32(truncatingIfNeeded: field.value))))
      case 13: metric.value = json(Double(bitPattern: field.value))
      case 14: metric.value = field.value == 0 ? "false" : "true"
      case 15:
        metric.text = field.text
        metric.value = EventText.quoted(field.text ?? "")
      default: break
      }
    }
    return fields.isWhole ? metric : nil
  }

  private static func json(_ number: Double) -> String { number.isNaN ? "NaN" : "\(number)" }

  private static func properties(_ bytes: UnsafeRawBufferPointer) -> [String: String]? {
    var keys: [String] = []
    var values: [String] = []
    var fields = MessageFields(bytes)
    while let field = fields.next() {
      if field.number == 1 { keys.append(field.text ?? "") }
      if field.number == 2, let bytes = field.bytes { values.append(property(bytes)) }
    }
    guard fields.isWhole, keys.count == values.count else { return nil }
    return Dictionary(zip(keys, values)) { first, _ in first }
  }

  private static func property(_ bytes: UnsafeRawBufferPointer) -> String {
    var value = ""
    var fields = MessageFields(bytes)
    while let field = fields.next() {
      switch field.number {
      case 3: value = "\(Int32(truncatingIfNeeded: field.value))"
      case 4: value = "\(Int64(bitPattern: field.value))"
      case 8: value = field.text ?? ""
      default: break
      }
    }
    return value
  }
}

/// The fields of a Protocol Buffers message, one by one. Source: protobuf.dev, "Encoding".
struct MessageFields {
  struct Field {
    var number: UInt64
    var value: UInt64 = 0
    var bytes: UnsafeRawBufferPointer?
    var text: String? { bytes.flatMap { String(validating: $0, as: UTF8.self) } }
  }

  private let bytes: UnsafeRawBufferPointer
  private var position = 0

  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  /// Whether `next` came to the end, and not to something that is no field.
  var isWhole: Bool { position == bytes.count }

  /// Nil at the end, or where the message is broken.
  mutating func next() -> Field? {
    let start = position
    guard let field = read(), field.number > 0 else {
      position = start
      return nil
    }
    return field
  }

  private mutating func read() -> Field? {
    guard let tag = number() else { return nil }
    var field = Field(number: tag >> 3)
    switch tag & 7 {
    case 0:
      guard let value = number() else { return nil }
      field.value = value
    case 1:
      guard let part = take(8) else { return nil }
      field.value = UInt64(littleEndian: part.loadUnaligned(as: UInt64.self))
    case 2:
      guard let length = number(), let part = take(length) else { return nil }
      field.bytes = part
    case 5:
      guard let part = take(4) else { return nil }
      field.value = UInt64(UInt32(littleEndian: part.loadUnaligned(as: UInt32.self)))
    default: return nil
    }
    return field
  }

  private mutating func number() -> UInt64? {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), through: 63, by: 7) {
      guard position < bytes.count else { return nil }
      let byte = bytes[position]
      position += 1
      value |= UInt64(byte & 0x7f) << shift
      if byte < 0x80 { return value }
    }
    return nil
  }

  private mutating func take(_ length: UInt64) -> UnsafeRawBufferPointer? {
    guard length <= UInt64(bytes.count - position) else { return nil }
    defer { position += Int(length) }
    return UnsafeRawBufferPointer(rebasing: bytes[position..<position + Int(length)])
  }
}
