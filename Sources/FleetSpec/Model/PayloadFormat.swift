/// How a device's readings become messages.
public struct PayloadFormat: Sendable, Equatable {
  /// The notation of a message.
  public enum Codec: String, Sendable, CaseIterable {
    /// The telemetry event, or a JSON text of one's own by `template`.
    case json
    /// InfluxDB's line protocol, as QuestDB reads it: timestamps in nanoseconds.
    case lineProtocol = "line_protocol"
    /// RFC 8949 with deterministic encoding: the fields of the JSON event.
    case cbor
    /// Eclipse Sparkplug B 3.0.
    case sparkplug
  }

  /// What goes into one message.
  public enum Shape: String, Sendable, CaseIterable {
    /// One reading.
    case narrow
    /// All readings of a device that bear the same timestamp and leave it together.
    case wide
  }

  public var codec = Codec.json
  public var shape = Shape.narrow
  /// With `json`: nil is the telemetry event.
  public var template: JSONTemplate? = nil
  /// With `line_protocol`: the table to which lines belong.
  public var measurement = PayloadFormat.standardMeasurement
  /// With `sparkplug`: the group of the edge nodes.
  public var group = PayloadFormat.standardGroup

  public static let standardMeasurement = "sensor_readings"
  public static let standardGroup = "heliograph"

  public init(codec: Codec = .json, shape: Shape = .narrow, template: JSONTemplate? = nil) {
    self.codec = codec
    self.shape = shape
    self.template = template
  }
}
