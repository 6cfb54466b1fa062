/// What a device says about one of its values.
public enum Quality: UInt8, Sendable, CaseIterable {
  case good = 1
  case bad = 2
  case uncertain = 3
  /// Beyond what the sensor can show; the value is the limit.
  case outOfRange = 4
  case sensorFault = 5

  /// The spelling in payloads and in the store.
  public var label: String { staticLabel.description }

  /// The same as `label`, for code that copies bytes.
  public var staticLabel: StaticString {
    switch self {
    case .good: "GOOD"
    case .bad: "BAD"
    case .uncertain: "UNCERTAIN"
    case .outOfRange: "OUT_OF_RANGE"
    case .sensorFault: "SENSOR_FAULT"
    }
  }
}
