import FleetSpec

/// How a payload is broken on purpose. Raw values never change their meaning.
public enum Malformation: UInt8, Sendable, CaseIterable {
  case none = 0
  /// The payload ends after 60 % of its bytes.
  case truncated = 1
  /// The payload has no `timestamp`.
  case missingField = 2
  /// The value is a string.
  case wrongType = 3
  /// The value is `NaN`, which JSON does not have.
  case notANumber = 4
  /// The value is `null`.
  case null = 5
  /// A brace or a quote is missing.
  case syntax = 6
  /// The timestamp is a text as ISO 8601 has it, instead of milliseconds.
  case timestampFormat = 7
  /// The metadata is padded until the payload is far larger than any event.
  case oversized = 8
  /// A sound event whose unit is not that of the value.
  case wrongUnit = 9
  /// A sound event whose value lies far beyond the sensor's range, with the quality GOOD.
  case outOfRange = 10
  /// A sound event of a device that nobody has registered: its id is the device's own behind `unregistered-`.
  case unknownDevice = 11

  /// What stands before the id of a device that nobody has registered.
  public static let unknownPrefix: StaticString = "unregistered-"

  /// Whether a pipeline that validates must refuse the payload. The other kinds are sound events with a wrong content, which it has no
  /// reason to refuse: they must be in the store as they were sent.
  public var mustBeRefused: Bool {
    switch self {
    case .none, .wrongUnit, .outOfRange: false
    case .truncated, .missingField, .wrongType, .notANumber, .null, .syntax, .timestampFormat, .oversized, .unknownDevice: true
    }
  }

  init(_ kind: MalformedKind) {
    switch kind {
    case .truncated: self = .truncated
    case .missingField: self = .missingField
    case .wrongType: self = .wrongType
    case .notANumber: self = .notANumber
    case .null: self = .null
    case .syntax: self = .syntax
    case .timestampFormat: self = .timestampFormat
    case .oversized: self = .oversized
    case .wrongUnit: self = .wrongUnit
    case .outOfRange: self = .outOfRange
    case .unknownDevice: self = .unknownDevice
    }
  }
}

/// Draws which readings are broken, and how: each reading independently of the others.
struct MalformationModel: Sendable {
  private let probability: Double
  /// By raw value: the sum of the weights up to and including that kind. No array, because a copy of one would have to be counted.
  private let sums: InlineArray<12, Double>

  /// - Parameter share: probability of a broken payload.
  init(_ faults: DeviceFaults, share: Double) {
    var weights = InlineArray<12, Double>(repeating: 0)
    for item in faults.malformedKinds { weights[Int(Malformation(item.kind).rawValue)] += item.weight }
    for kind in 1..<12 { weights[kind] += weights[kind - 1] }
    sums = weights
    probability = weights[11] > 0 ? share : 0
  }

  func malformation(seq: Int64, of device: RandomEntity) -> Malformation {
    guard probability > 0 else { return .none }
    let index = UInt64(bitPattern: seq)
    guard device.stream(StreamNumber.malformed).uniform(index) < probability else { return .none }
    let draw = device.stream(StreamNumber.malformedKind).uniform(index) * sums[11]
    var kind = 1
    while kind < 11 && draw >= sums[kind] { kind += 1 }
    return Malformation(rawValue: UInt8(kind)) ?? .none
  }

  /// Changes what is sent where the broken payload is one with another value.
  func falsify(_ shown: inout Shown, _ malformation: Malformation, _ scale: SensorScale, seq: Int64, of device: RandomEntity) {
    guard malformation == .outOfRange else { return }
    shown.value = scale.beyond(device.stream(StreamNumber.malformedValue).uniform(UInt64(bitPattern: seq)))
    shown.quality = .good
  }
}
