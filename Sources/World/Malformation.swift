/// How a payload is broken on purpose.
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
}

/// Draws which readings are broken, and how: independently, all four ways equally often.
struct MalformationModel: Sendable {
  private let probability: Double

  init(probability: Double) { self.probability = probability }

  func malformation(seq: Int64, of device: RandomEntity) -> Malformation {
    guard probability > 0 else { return .none }
    let index = UInt64(bitPattern: seq)
    guard device.stream(StreamNumber.malformed).uniform(index) < probability else { return .none }
    switch device.stream(StreamNumber.malformedKind).below(4, index) {
    case 0: return .truncated
    case 1: return .missingField
    case 2: return .wrongType
    default: return .notANumber
    }
  }
}
