import Glibc

/// A telemetry event of several readings of one device, `schema_version` 2.
struct WideEvent {
  private var suffix: Slice?
  private var timestamp = Slice()
  private var site = Slice()
  private var asset = Slice()
  private var source = Slice()
  private var boot = Slice()
  private var firmware: Slice?
  private var values: [(name: Slice, text: Slice)] = []
  private var units: [(name: Slice, text: Slice)] = []
  private var qualities: [(name: Slice, text: Slice)] = []
  private var types: [(name: Slice, text: Slice)] = []
  private var sequences: [(name: Slice, text: Slice)] = []

  private static let mark: StaticString = "\"schema_version\":2}"

  /// Whether a message says at its end that it is one.
  static func looksLike(_ message: UnsafeRawBufferPointer) -> Bool {
    guard let base = message.baseAddress, message.count > mark.utf8CodeUnitCount else { return false }
    return memcmp(base + message.count - mark.utf8CodeUnitCount, mark.utf8Start, mark.utf8CodeUnitCount) == 0
  }

  /// Nil when something is missing or of the wrong type.
  init?(_ message: UnsafeRawBufferPointer) {
    var scanner = Scanner(message)
    guard scanner.take(UInt8(ascii: "{")) else { return nil }
    var seen = 0
    repeat {
      guard let name = scanner.string(plain: true), scanner.take(UInt8(ascii: ":")) else { return nil }
      guard read(name.text(in: message), &scanner, message) else { return nil }
      seen += 1
    } while scanner.take(UInt8(ascii: ","))
    guard scanner.take(UInt8(ascii: "}")), seen == 12, !values.isEmpty, timestamp.count > 0, asset.count > 0 else { return nil }
  }

  private mutating func read(_ key: String, _ scanner: inout Scanner, _ message: UnsafeRawBufferPointer) -> Bool {
    func text() -> Slice? { scanner.string(plain: true) }
    switch key {
    case "event_id":
      guard let id = text() else { return false }
      suffix = Self.repeatMark(id, message)
    case "timestamp":
      guard let number = scanner.number() else { return false }
      timestamp = number
    case "site_id":
      guard let slice = text() else { return false }
      site = slice
    case "asset_id":
      guard let slice = text() else { return false }
      asset = slice
    case "source":
      guard let slice = text() else { return false }
      source = slice
    case "schema_version": return scanner.number() != nil
    case "metadata":
      guard let members = Self.members(&scanner) else { return false }
      for member in members {
        if scanner.matches(member.name, "boot") { boot = member.text }
        if scanner.matches(member.name, "firmware") { firmware = member.text }
      }
    case "values", "units", "quality_flags", "sensor_types", "seqs":
      guard let members = Self.members(&scanner) else { return false }
      switch key {
      case "values": values = members
      case "units": units = members
      case "quality_flags": qualities = members
      case "sensor_types": types = members
      default: sequences = members
      }
    default: return false
    }
    return true
  }

  /// The `:r1` of a repeat under a new id.
  private static func repeatMark(_ id: Slice, _ message: UnsafeRawBufferPointer) -> Slice? {
    let bytes = id.bytes(in: message)
    guard let colon = bytes.lastIndex(of: UInt8(ascii: ":")), colon + 1 < bytes.count, bytes[colon + 1] == UInt8(ascii: "r") else {
      return nil
    }
    return Slice(start: id.start + Int32(colon), end: id.end)
  }

  /// Texts without their quotes, numbers as they stand there.
  private static func members(_ scanner: inout Scanner) -> [(name: Slice, text: Slice)]? {
    guard scanner.take(UInt8(ascii: "{")) else { return nil }
    var members: [(name: Slice, text: Slice)] = []
    if scanner.take(UInt8(ascii: "}")) { return members }
    repeat {
      guard let name = scanner.string(plain: true), scanner.take(UInt8(ascii: ":")) else { return nil }
      guard let text = scanner.string(plain: true) ?? scanner.number() else { return nil }
      members.append((name, text))
    } while scanner.take(UInt8(ascii: ","))
    return scanner.take(UInt8(ascii: "}")) ? members : nil
  }

  /// The events; a reading of which something is missing lacks it in its event as well, and is refused there.
  func events(_ message: UnsafeRawBufferPointer) -> [[UInt8]] {
    values.map { value in
      func text(_ list: [(name: Slice, text: Slice)]) -> String? {
        list.first { $0.name.bytes(in: message).elementsEqual(value.name.bytes(in: message)) }?.text.text(in: message)
      }
      let device = asset.text(in: message)
      let name = value.name.text(in: message)
      let sequence = text(sequences) ?? ""
      var event = "{\"event_id\":\"\(device):\(boot.text(in: message)):\(sequence)\(suffix?.text(in: message) ?? "")\","
      event += "\"timestamp\":\(timestamp.text(in: message)),\"site_id\":\"\(site.text(in: message))\",\"asset_id\":\"\(device)\","
      if let type = text(types) { event += "\"sensor_type\":\"\(type)\"," }
      event += "\"sensor_id\":\"\(device).\(name)\",\"value\":\(value.text.text(in: message)),"
      if let unit = text(units) { event += "\"unit\":\"\(unit)\"," }
      if let quality = text(qualities) { event += "\"quality_flag\":\"\(quality)\"," }
      event += "\"metadata\":{\"boot\":\(boot.text(in: message)),\"seq\":\(sequence)"
      if let firmware { event += ",\"firmware\":\"\(firmware.text(in: message))\"" }
      event += "},\"source\":\"\(source.text(in: message))\",\"schema_version\":1}"
      return Array(event.utf8)
    }
  }
}
