/// What a value in a fleet file may look like.
///
/// The one description of the file format: validation, typed decoding, the JSON Schemas and the reference are all made from it.
public indirect enum Shape: Sendable {
  case text(TextFormat)
  /// One word of a list.
  case choice([String])
  case boolean
  case integer(ClosedRange<Int>)
  /// A number with a unit.
  case number(Measure)
  /// In milliseconds.
  case duration(ClosedRange<Milliseconds>)
  case durationRange(ClosedRange<Milliseconds>)
  /// 0...1, also written in percent.
  case share
  /// Per second.
  case rate
  /// A number in the unit of the sensor in which it stands.
  case sensorNumber
  /// A change per year in the unit of the sensor in which it stands.
  case sensorRate
  /// The most that is allowed: a count or a share.
  case limit
  case timeOfDay
  case monthDay
  case instant
  /// `{env: NAME}` or `{file: PATH}`.
  case secret
  case list(of: Shape, atLeast: Int)
  /// `[lower, upper]`.
  case pair(of: Shape)
  /// One value, or `[lower, upper]`.
  case oneOrPair(of: Shape)
  /// One value, or a list of them.
  case oneOrList(of: Shape)
  /// A list, or a mapping with known keys.
  case listOrObject(of: Shape, atLeast: Int, ObjectShape)
  /// One value for the whole year, or a list of twelve from January on.
  case byMonth(of: Shape)
  /// Keys that the author chooses.
  case map(keys: Shape, values: Shape)
  case object(ObjectShape)
  /// A word with a meaning of its own in place of a value.
  case keyword(String, or: Shape)
}

/// A mapping with known keys.
public struct ObjectShape: Sendable {
  /// The section of the reference; unique.
  public let name: String
  /// Names it in messages, for example "a site".
  public let noun: String
  public let documentation: String
  public let fields: [Field]

  func field(_ key: String) -> Field? {
    fields.first { $0.key == key }
  }
}

/// One key of a mapping.
public struct Field: Sendable {
  public enum Presence: Sendable, Equatable {
    case required
    /// May be missing, which means something of its own that the documentation says.
    case optional
    /// What a missing value stands for, as YAML.
    case standard(String)
  }

  public let key: String
  public let shape: Shape
  public let presence: Presence
  public let documentation: String

  public init(_ key: String, _ shape: Shape, _ presence: Presence, _ documentation: String) {
    self.key = key
    self.shape = shape
    self.presence = presence
    self.documentation = documentation
  }
}
