/// A JSON text with placeholders in braces, checked and taken apart once.
///
/// Placeholders for texts stand inside of strings, keys included; those for numbers there or in place of a value; those for objects in place
/// of a value. White space between the parts of the text is left out of messages.
public struct JSONTemplate: Sendable, Equatable {
  /// What a placeholder stands for.
  public enum Placeholder: String, Sendable, CaseIterable {
    case eventID = "event_id"
    case deviceID = "device_id"
    case assetID = "asset_id"
    case siteID = "site_id"
    case sensorID = "sensor_id"
    case sensor = "sensor"
    case sensorType = "sensor_type"
    case unit = "unit"
    case quality = "quality"
    case firmware = "firmware"
    /// `absolute` or `delta`.
    case encoding = "encoding"
    case value = "value"
    case boot = "boot"
    case sequence = "seq"
    case timestamp = "timestamp"
    case timestampSeconds = "timestamp_s"
    case timestampMicroseconds = "timestamp_us"
    case timestampNanoseconds = "timestamp_ns"
    case timestampText = "timestamp_iso"
    case values = "values"
    case units = "units"
    case qualities = "qualities"
    case sensorTypes = "sensor_types"
    case sequences = "seqs"

    enum Kind { case text, number, object }

    var kind: Kind {
      switch self {
      case .eventID, .deviceID, .assetID, .siteID, .sensorID, .sensor, .sensorType, .unit, .quality, .firmware, .encoding, .timestampText:
        .text
      case .value, .boot, .sequence, .timestamp, .timestampSeconds, .timestampMicroseconds, .timestampNanoseconds: .number
      case .values, .units, .qualities, .sensorTypes, .sequences: .object
      }
    }

    /// Whether it says something about one sensor, so that it has no meaning in a message of several readings.
    var isOfOneSensor: Bool {
      switch self {
      case .sensorID, .sensor, .sensorType, .unit, .quality, .value, .encoding: true
      default: false
      }
    }

    var isTimestamp: Bool {
      switch self {
      case .timestamp, .timestampSeconds, .timestampMicroseconds, .timestampNanoseconds, .timestampText: true
      default: false
      }
    }

    var isIdentity: Bool {
      switch self {
      case .eventID, .deviceID, .assetID, .sensorID: true
      default: false
      }
    }
  }

  /// A stretch of the message.
  public enum Piece: Sendable, Equatable {
    case text(String)
    /// - Parameter inString: whether it stands between quotes.
    case placeholder(Placeholder, inString: Bool)
    /// Where a padded message has its padding, in front of the first member of the outermost object.
    case padding
  }

  /// Which message is made.
  public enum Variant: Sendable, CaseIterable {
    case whole
    /// Without the members whose value is a timestamp.
    case withoutTimestamp
    case padded
  }

  /// The text as it was written.
  public let source: String
  let root: JSONTemplateNode

  /// Takes a text apart.
  ///
  /// - Throws: a `FormatError` with the position of what is wrong in the text.
  public init(_ source: String) throws(FormatError) {
    self.source = source
    var parser = JSONTemplateParser(source)
    root = try parser.parse()
  }

  /// The stretches of a message, constant texts joined.
  public func pieces(_ variant: Variant = .whole) -> [Piece] {
    var pieces: [Piece] = []
    root.render(variant, isRoot: true, into: &pieces)
    return pieces
  }

  var placeholders: [(placeholder: Placeholder, inString: Bool)] {
    pieces().compactMap { if case .placeholder(let name, let inString) = $0 { (name, inString) } else { nil } }
  }

  /// Whether some member's value is a timestamp, so that it can be left out.
  var hasTimestampMember: Bool { pieces(.withoutTimestamp) != pieces() }

  /// Whether the message is an object with members.
  var isObject: Bool { if case .object(let members) = root { !members.isEmpty } else { false } }

  /// The message of several readings that stands for the telemetry event.
  public static let wideEvent: JSONTemplate = {
    let text = """
      {"event_id": "{event_id}", "timestamp": {timestamp}, "site_id": "{site_id}", "asset_id": "{asset_id}", "values": {values},
       "units": {units}, "quality_flags": {qualities}, "sensor_types": {sensor_types}, "seqs": {seqs},
       "metadata": {"boot": {boot}, "firmware": "{firmware}"}, "source": "heliograph", "schema_version": 2}
      """
    // A constant of the program, which a test reads.
    do throws(FormatError) { return try JSONTemplate(text) } catch { preconditionFailure("the wide event is no JSON: \(error.problem)") }
  }()
}

/// A value of the template's JSON.
indirect enum JSONTemplateNode: Sendable, Equatable {
  case object([Member])
  case array([JSONTemplateNode])
  case scalar([JSONTemplate.Piece])

  struct Member: Sendable, Equatable {
    var key: [JSONTemplate.Piece]
    var value: JSONTemplateNode

    var isTimestamp: Bool {
      guard case .scalar(let pieces) = value else { return false }
      return pieces.contains { if case .placeholder(let name, _) = $0 { name.isTimestamp } else { false } }
    }
  }

  func render(_ variant: JSONTemplate.Variant, isRoot: Bool, into pieces: inout [JSONTemplate.Piece]) {
    switch self {
    case .scalar(let own): for piece in own { Self.add(piece, to: &pieces) }
    case .array(let items):
      Self.add(.text("["), to: &pieces)
      for (index, item) in items.enumerated() {
        if index > 0 { Self.add(.text(","), to: &pieces) }
        item.render(variant, isRoot: false, into: &pieces)
      }
      Self.add(.text("]"), to: &pieces)
    case .object(let members):
      Self.add(.text("{"), to: &pieces)
      if isRoot, variant == .padded { Self.add(.padding, to: &pieces) }
      let kept = members.filter { variant != .withoutTimestamp || !$0.isTimestamp }
      for (index, member) in kept.enumerated() {
        if index > 0 { Self.add(.text(","), to: &pieces) }
        for piece in member.key { Self.add(piece, to: &pieces) }
        Self.add(.text(":"), to: &pieces)
        member.value.render(variant, isRoot: false, into: &pieces)
      }
      Self.add(.text("}"), to: &pieces)
    }
  }

  private static func add(_ piece: JSONTemplate.Piece, to pieces: inout [JSONTemplate.Piece]) {
    if case .text(let text) = piece, case .text(let before) = pieces.last {
      pieces[pieces.count - 1] = .text(before + text)
    } else {
      pieces.append(piece)
    }
  }
}
