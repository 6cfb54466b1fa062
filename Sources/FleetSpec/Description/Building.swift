/// Short forms for the descriptions.
enum Limits {
  static let second: Milliseconds = 1000
  static let hour: Milliseconds = 3_600_000
  static let day: Milliseconds = 86_400_000
  static let year: Milliseconds = 366 * day
}

extension Shape {
  static func words<Type: CaseIterable & RawRepresentable>(_ type: Type.Type) -> Shape where Type.RawValue == String {
    .choice(type.allCases.map(\.rawValue))
  }

  static func number(_ dimension: Dimension, _ range: ClosedRange<Double>, _ example: String) -> Shape {
    .number(Measure(dimension: dimension, range: range, example: example))
  }

  /// An object, or the word `none`.
  static func objectOrNone(_ object: ObjectShape) -> Shape {
    .keyword("none", or: .object(object))
  }
}
