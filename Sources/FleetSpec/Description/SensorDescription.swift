/// The keys of one item of `sensors`.
enum SensorDescription {
  static let shape = ObjectShape(
    name: "sensors", noun: "a sensor",
    documentation: """
      One measured value. Its identity in topics, payloads and the store is `<device>.<name>`. \
      Range, errors and noise are in the sensor's unit; another unit of the same kind may be written (`15 kW`).
      """,
    fields: [
      Field("name", .text(.identifier), .required, "Unique within the profile."),
      Field("measures", .words(Quantity.self), .required, "The physical quantity that it looks at. Those of the plant need a `plant`."),
      Field(
        "input", .integer(1...64), .optional,
        "Which MPPT input, string or phase, for quantities that exist more than once; without it the whole power, or the first."),
      Field("type", .words(SensorType.self), .optional, "The `sensor_type` of the event; by default the one that fits the quantity."),
      Field(
        "unit", .text(.line), .optional, "As it goes over the wire; by default the first one in the table of quantities."),
      Field("decimals", .integer(0...6), .standard("1"), "Decimal places of a value; the resolution is 10^-decimals."),
      Field(
        "range", .pair(of: .sensorNumber), .required,
        "`[lower, upper]`: what the sensor can show. Beyond it the value saturates and its quality is OUT_OF_RANGE."),
      Field("gain_error", .share, .standard("0 %"), "Standard deviation over devices of the relative error."),
      Field("offset_error", .sensorNumber, .standard("0"), "Standard deviation over devices of the constant error."),
      Field("noise", .sensorNumber, .standard("0"), "Standard deviation of white noise."),
      Field("drift", .sensorRate, .standard("0"), "Standard deviation over devices of the linear drift per year."),
      Field("deadband", .sensorNumber, .optional, "With `reporting: {mode: deadband}`: smaller changes are not reported."),
      Field(
        "encoding", .words(ValueEncoding.self), .standard("absolute"),
        """
        `delta`: a reading carries the change since the sensor's reading before it, and its payload says `"encoding":"delta"`; \
        the first one after a boot carries the whole value.
        """),
    ] + troubles)
}
