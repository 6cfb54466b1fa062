/// Where the rows are and which column holds what. The ways to tell are described in docs/mapping.md.
public struct StoreMapping: Sendable, Equatable {
  /// How the timestamp column counts.
  public enum TimestampUnit: String, Sendable, CaseIterable {
    /// A column of type timestamp.
    case timestamp
    case seconds = "s"
    case milliseconds = "ms"
    case microseconds = "us"
    case nanoseconds = "ns"
  }
  /// `postgresql://user@host:port/database`, without a password.
  public var url: String
  public var password: SecretReference?
  /// `table` or `schema.table`.
  public var table: String
  public var timestampColumn: String
  public var timestampUnit: TimestampUnit
  /// By what a row says which reading it is.
  public var identity: RowIdentity
  /// The columns of values: one for every sensor, or one for each in a wide table. Never empty.
  public var values: [ValueColumn]
  /// Attributes that are compared, in file order: field of the reading and its column.
  public var attributes: [AttributeMapping]
  /// The column that holds the time of arrival, when there is one.
  public var ingestedAtColumn: String?
  /// Which rows of a shared table are looked at: those that meet all of these.
  public var filter: [ColumnFilter]
  /// How far a stored value may be from the one that was sent.
  public var tolerance: ValueTolerance

  public init(
    url: String, password: SecretReference? = nil, table: String, timestampColumn: String, timestampUnit: TimestampUnit = .timestamp,
    identity: RowIdentity, values: [ValueColumn], attributes: [AttributeMapping], ingestedAtColumn: String?,
    filter: [ColumnFilter] = [], tolerance: ValueTolerance = .exact
  ) {
    self.url = url
    self.password = password
    self.table = table
    self.timestampColumn = timestampColumn
    self.timestampUnit = timestampUnit
    self.identity = identity
    self.values = values
    self.attributes = attributes
    self.ingestedAtColumn = ingestedAtColumn
    self.filter = filter
    self.tolerance = tolerance
  }

  /// Whether a row holds the readings of several sensors.
  public var isWide: Bool { values.contains { !$0.sensors.isEmpty } }

  /// The columns that tell rows apart, as in a fleet file.
  public var identityText: String {
    let columns = [identity.sensor, identity.device, identity.sensorName, identity.sequence, identity.eventID].compactMap { $0?.text }
    return (columns.isEmpty ? ["none"] : columns).joined(separator: ", ")
  }

  /// The columns of values, as in a fleet file.
  public var valueText: String { values.map(\.column.text).joined(separator: ", ") }

  /// Whether a row alone, without the fleet, tells its sensor.
  public var tellsSensor: Bool { identity.sensor != nil || identity.sensorName != nil || (isWide && identity.device != nil) }
}

/// By what a row says which reading it is; the timestamp comes on top of it.
public struct RowIdentity: Sendable, Equatable {
  /// `<device>.<sensor>`.
  public var sensor: ColumnReference?
  /// The device's id.
  public var device: ColumnReference?
  /// The sensor's name, next to the device's id.
  public var sensorName: ColumnReference?
  /// The number that the payload bears, unique for each device.
  public var sequence: ColumnReference?
  /// `<device>:<boot>:<number>`, as in the payload.
  public var eventID: ColumnReference?

  public init(
    sensor: ColumnReference? = nil, device: ColumnReference? = nil, sensorName: ColumnReference? = nil,
    sequence: ColumnReference? = nil, eventID: ColumnReference? = nil
  ) {
    self.sensor = sensor
    self.device = device
    self.sensorName = sensorName
    self.sequence = sequence
    self.eventID = eventID
  }

  /// Nothing in a row says whose it is.
  public var isNone: Bool { self == RowIdentity() }

  /// Whether rows bear a number or an id of the one message that they were made from.
  public var tellsReading: Bool { sequence != nil || eventID != nil }
}

/// A column, or a field inside one that holds JSON.
public struct ColumnReference: Sendable, Equatable {
  public var column: String
  /// The keys that lead to the field, outermost first; empty for the column itself.
  public var path: [String]

  public init(_ column: String, path: [String] = []) {
    self.column = column
    self.path = path
  }

  /// Reads `column` or `column->key->key`.
  static func parse(_ text: String, _ format: TextFormat) throws(FormatError) -> ColumnReference {
    let parts = text.split(separator: "->", omittingEmptySubsequences: false).map(String.init)
    // QuestDB's JSON paths cannot quote a key, and what is written into a path must not be able to end it.
    let isPlain = parts.dropFirst().allSatisfy { key in
      !key.isEmpty && key.utf8.allSatisfy { ($0 | 32 >= 97 && $0 | 32 <= 122) || ($0 >= 48 && $0 <= 57) || $0 == 95 || $0 == 45 }
    }
    guard let column = parts.first, !column.isEmpty, isPlain else {
      throw FormatError(
        "a path with something else than letters, digits, '_' and '-' between its arrows", expected: format.expectation)
    }
    return ColumnReference(column, path: Array(parts.dropFirst()))
  }

  /// As in a fleet file.
  public var text: String { ([column] + path).joined(separator: "->") }
}

/// A column that holds values.
public struct ValueColumn: Sendable, Equatable {
  /// The names of the sensors whose values stand in it, at most one of each profile; empty when it holds those of all sensors.
  public var sensors: [String]
  public var column: ColumnReference

  public init(sensors: [String] = [], _ column: ColumnReference) {
    self.sensors = sensors
    self.column = column
  }
}

/// A condition on the rows of a shared table.
public struct ColumnFilter: Sendable, Equatable {
  public var column: ColumnReference
  /// One of these, as texts.
  public var values: [String]

  public init(_ column: ColumnReference, _ values: [String]) {
    self.column = column
    self.values = values
  }
}

/// How far a stored value may be from the one that was sent.
public enum ValueTolerance: Sendable, Equatable {
  case exact
  /// In the sensor's unit. `decimals` is the largest number of decimal places that any sensor of the fleet sends.
  case absolute(Double, decimals: Int)
  /// Of the value that was sent.
  case relative(Double)
  /// As many binary digits as a 32-bit floating-point number has.
  case float32
}

/// One compared attribute.
public struct AttributeMapping: Sendable, Equatable {
  /// The fields of a reading that a column can be compared with.
  public enum Field: String, Sendable, CaseIterable {
    case siteID = "site_id"
    case deviceID = "device_id"
    case sensorType = "sensor_type"
    case unit
    case quality
  }
  public var field: Field
  public var reference: ColumnReference

  public init(field: Field, column: String) {
    self.init(field: field, reference: ColumnReference(column))
  }

  public init(field: Field, reference: ColumnReference) {
    self.field = field
    self.reference = reference
  }

  /// As in a fleet file.
  public var column: String { reference.text }
}
