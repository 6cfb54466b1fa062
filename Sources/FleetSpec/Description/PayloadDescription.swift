/// The keys under `payload`.
enum PayloadDescription {
  static let shape = shape(name: "payload")
  /// The same in the fleet file.
  static let fleetShape = shape(name: "payload of the fleet")

  private static func shape(name: String) -> ObjectShape {
    ObjectShape(
      name: name, noun: "a payload", documentation: "How readings become messages. docs/payload.md shows one of each kind.",
      fields: [
        Field(
          "codec", .words(PayloadFormat.Codec.self), .standard("json"),
          """
          The notation: the telemetry event in JSON (or a JSON text of your own, with `template`), InfluxDB's line protocol, CBOR with the \
          fields of the event, or Sparkplug B 3.0.
          """),
        Field(
          "shape", .words(PayloadFormat.Shape.self), .standard("narrow"),
          """
          One reading per message, or all readings of a device that bear the same timestamp and leave together. Each keeps its own verdict. \
          The topic of a wide message lacks the levels with a sensor's placeholder.
          """),
        Field(
          "template", .text(.jsonTemplate), .optional,
          "With `json`: the message, with placeholders. Write it as a block with `|`. Texts stand in quotes: \"{device_id}\"; numbers need none: {value}."
        ),
        Field("measurement", .text(.line), .optional, "With `line_protocol`: the table's name; `sensor_readings` without it."),
        Field("group", .text(.identifier), .optional, "With `sparkplug`: the group of the edge nodes; `heliograph` without it."),
      ])
  }
}
