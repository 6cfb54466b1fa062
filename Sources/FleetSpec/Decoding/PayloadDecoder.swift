/// Makes the model of a payload from values without errors.
enum PayloadDecoder {
  static func decode(_ value: ObjectValue) -> PayloadFormat {
    var format = PayloadFormat(
      codec: value.required("codec") { $0.text.flatMap(PayloadFormat.Codec.init(rawValue:)) },
      shape: value.required("shape") { $0.text.flatMap(PayloadFormat.Shape.init(rawValue:)) }, template: template(value))
    format.measurement = value["measurement"]?.text ?? PayloadFormat.standardMeasurement
    format.group = value["group"]?.text ?? PayloadFormat.standardGroup
    return format
  }

  /// Nil when there is none, or when it is broken.
  static func template(_ value: ObjectValue) -> JSONTemplate? {
    value["template"]?.text.flatMap { try? JSONTemplate($0) }
  }
}
