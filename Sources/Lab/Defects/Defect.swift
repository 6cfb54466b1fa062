/// A reading as it arrives at the pipeline.
struct Arrival {
  var key: ReadingKey
  var value: Double
  /// Milliseconds since 1970 at which the pipeline received it.
  var time: Int64
  /// The rest of it; its texts are parts of the message.
  var event = Event()
  var message = UnsafeRawBufferPointer(start: nil, count: 0)
  var siteID: UnsafeRawBufferPointer { event.siteID.bytes(in: message) }
  var assetID: UnsafeRawBufferPointer { event.assetID.bytes(in: message) }
  var sensorType: UnsafeRawBufferPointer { event.sensorType.bytes(in: message) }
  var quality: UnsafeRawBufferPointer { event.quality.bytes(in: message) }
  /// Milliseconds since 1970, on the device's clock.
  var timestamp: Int64 { key.timestamp }
}

/// What a defect did to a reading, as a verdict of the reconciliation.
enum HarmVerdict: String, Sendable { case lost, duplicated, corrupted, misplaced, phantom }

/// What a defect does to a reading that arrives for the first time.
struct Harm {
  var verdict: HarmVerdict
  /// How many rows are stored.
  var rows: Int
  /// Microseconds since 1970; nil for the reading's own.
  var timestamp: Int64?
  /// What is stored in place of the value; nil for the reading's own.
  var value: StoredValue?
  /// Further members of the line in injected.ndjson, each preceded by a comma.
  var detail = ""

  enum StoredValue: Equatable {
    case null
    case number(Double)
  }
}

/// What a defect is called, what it does, and its parameters with their defaults.
struct DefectDescription: Sendable {
  var name: String
  var summary: String
  var parameters: [Parameter]

  struct Parameter: Sendable {
    var name: String
    var standard: String
    var kind: Kind
  }

  enum Kind: Sendable {
    /// 0...1, written `1%` or `0.01`.
    case share
    /// Milliseconds, written `90s`; `signed` allows `-1h`.
    case duration(signed: Bool)
    /// A whole number of at least 1.
    case count
    /// A finite number other than 0 and 1.
    case factor
    case choice([String])
    /// Anything without a comma.
    case text
  }
}

/// A switchable defect of the reference pipeline.
protocol Defect: Sendable {
  static var description: DefectDescription { get }
  init(_ parameters: DefectParameters)
}

/// A defect that strikes when a reading arrives for the first time.
protocol ArrivalDefect: Defect {
  /// Nil when the table will look as if the defect were not there.
  mutating func treat(_ arrival: Arrival) -> Harm?
  /// The reading went on to be stored, whether a later defect harms it or not.
  mutating func passed(_ arrival: Arrival)
}

extension ArrivalDefect {
  mutating func passed(_ arrival: Arrival) {}
}

/// Selects a share of the readings by a hash of their identity, so that all copies of a reading share its fate.
struct Selection: Sendable {
  private let salt: UInt64
  private let limit: Double

  init(_ parameters: DefectParameters) {
    salt = parameters.salt
    limit = parameters.number("rate") * 0x1p53
  }

  func contains(_ key: ReadingKey) -> Bool { Double(key.hash(salt) >> 11) < limit }

  /// Further bits that belong to the key, independent of the selection.
  func bits(_ key: ReadingKey) -> UInt64 { key.hash(~salt) }
}
