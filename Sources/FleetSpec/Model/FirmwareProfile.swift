/// What one kind of device measures and how its firmware behaves.
public struct FirmwareProfile: Sendable, Equatable {
  /// The file's name without its suffix; unique within the fleet.
  public var name: String
  /// One line for people.
  public var description: String
  /// The version string that the device reports.
  public var firmware: String
  /// Time between two samples; a sample makes one reading per sensor.
  public var interval: Milliseconds
  /// The photovoltaic plant behind the device, when it has one.
  public var plant: PhotovoltaicPlant?
  /// The battery behind the device's meter, when it has one.
  public var storage: Storage?
  /// What is consumed behind the device's meter.
  public var load: Load?
  /// What feeds a device that hangs on no cable.
  public var battery = BatteryKind.rechargeable
  public var radio = RadioKind.cellular
  /// What is measured; at least one.
  public var sensors: [Sensor]
  public var clock: DeviceClock
  /// Power cuts of a single device; it boots anew afterwards.
  public var powerOutages: Outages
  /// Short losses of power at which a device resets.
  public var brownOuts = Outages.none
  /// Resets by the watchdog.
  public var watchdogResets = Outages.none
  /// Episodes in which the device boots again and again.
  public var rebootLoops: Flapping?
  /// Degrees of the sun's elevation below which a device without another supply is off, or nil when it has one.
  public var nightShutdown: Double?
  /// From power to the first measurement.
  public var bootTime: Milliseconds = 1_000
  /// Whether the number in the payload begins anew at each boot.
  public var resetsSequence = false
  /// Network outages of a single device.
  public var networkOutages: Outages
  /// Episodes in which the link goes down and up again and again.
  public var flapping: Flapping?
  public var buffer: StoreAndForward
  public var connection: ConnectionPolicy
  public var faults: DeviceFaults
  /// Nil when each reading is sent as soon as it is measured.
  public var upload: UploadSchedule? = nil
  public var reporting = ReportingPolicy.all
  public var linkFaults = LinkFaults.none
  public var payload = PayloadFormat()
  /// The versions that a rollout brings; see `versions`.
  public var laterVersions: [FirmwareVersion] = []
  /// Changes of the firmware, in the order of the file.
  public var rollout: [RolloutStep] = []
}

/// What feeds a device that hangs on no cable.
public enum BatteryKind: String, Sendable, CaseIterable {
  /// A lithium-ion cell that a small solar panel charges.
  case rechargeable
  /// A lithium thionyl chloride cell that lasts for years and is not charged.
  case primary
}

/// The kind of radio that `signal_strength` and `signal_to_noise` are about.
public enum RadioKind: String, Sendable, CaseIterable {
  case cellular
  case lorawan
}

/// The `sensor_type` of the telemetry event. The raw value is what goes over the wire.
public enum SensorType: String, Sendable, CaseIterable {
  case temperature = "TEMPERATURE"
  case voltage = "VOLTAGE"
  case current = "CURRENT"
  case power = "POWER"
  case frequency = "FREQUENCY"
  case pressure = "PRESSURE"
  case humidity = "HUMIDITY"
  case vibration = "VIBRATION"
  case flowRate = "FLOW_RATE"
  case rotation = "RPM"
  case torque = "TORQUE"
  case energy = "ENERGY"
  case status = "STATUS"
  case other = "OTHER"
}

/// One measured value of a device.
public struct Sensor: Sendable, Equatable {
  /// Unique within the profile. The sensor's identity in the store is `<device>.<name>`.
  public var name: String
  public var type: SensorType
  public var quantity: Quantity
  /// Which string, MPPT input or phase, from 1, for quantities that exist more than once; 0 for the whole, or the first.
  public var input = 0
  /// As it goes over the wire, for example `W`.
  public var unit: String
  /// Decimal places of a printed value, 0...6; the resolution is 10^-decimals.
  public var decimals: Int
  /// The smallest value that the sensor can show, in its unit.
  public var minimum: Double
  /// The largest value that the sensor can show, in its unit. Beyond it the value saturates and its quality is OUT_OF_RANGE.
  public var maximum: Double
  /// Standard deviation over devices of the relative gain error.
  public var gainError: Double
  /// Standard deviation over devices of the offset, in the sensor's unit.
  public var offsetError: Double
  /// Standard deviation of white noise, in the sensor's unit.
  public var noise: Double
  /// Standard deviation over devices of the linear drift, in the sensor's unit per year.
  public var drift: Double
  /// The change, in the sensor's unit, that reporting by deadband passes over; nil for the profile's share of the range.
  public var deadband: Double? = nil
  /// What a reading's value counts from.
  public var encoding = ValueEncoding.absolute
  /// Standard deviation over devices of the relative change of the shown value per kelvin of ambient temperature, around 25 degrees.
  public var temperatureCoefficient = 0.0
  /// What goes wrong with it beyond that.
  public var troubles = SensorTroubles()
}

/// The buffer for readings that could not be sent yet.
public struct StoreAndForward: Sendable, Equatable {
  /// What gives way when the buffer is full.
  public enum Overflow: String, Sendable, CaseIterable {
    case dropOldest = "drop-oldest"
    case dropNewest = "drop-newest"
    /// The older half is thinned out: every n-th sample stays.
    case keepEveryNth = "keep-every-nth"
  }
  /// In which order waiting readings leave.
  public enum Order: String, Sendable, CaseIterable {
    case oldestFirst = "oldest-first"
    case newestFirst = "newest-first"
  }
  /// What leaves first while there is a backlog.
  public enum Priority: String, Sendable, CaseIterable {
    case backlog
    case live
  }
  /// Whether the device knows after a loss of power how far the buffer was acknowledged.
  public enum AcknowledgementPointer: String, Sendable, CaseIterable {
    case saved
    case unsaved
  }
  /// Readings that fit; at least 1.
  public var capacity: Int
  public var overflow: Overflow
  public var order: Order
  /// Readings per second that leave while a backlog is worked off; 0 means as fast as acknowledgements allow.
  public var replayRate: Double
  /// Whether the content survives a loss of power.
  public var persistent: Bool
  /// Older readings are discarded; 0 means that none are.
  public var maximumAge: Milliseconds = 0
  /// With `keepEveryNth`: the n; at least 2.
  public var keepEvery = 2
  public var priority = Priority.backlog
  /// How many acknowledged readings are sent again after a loss of power; 0 when the acknowledgement pointer is saved.
  public var resend = 0
}

/// How the firmware talks to its broker.
public struct ConnectionPolicy: Sendable, Equatable {
  /// Whether the MQTT session outlives a loss of power.
  public enum Session: String, Sendable, CaseIterable {
    case clean
    case persistent
  }
  /// MQTT quality of service, 0...2.
  public var qos: Int
  /// MQTT keepalive, in whole seconds of milliseconds, 5 s...18 h.
  public var keepalive: Milliseconds
  /// Messages that may wait for their acknowledgement at once, 1...1000.
  public var inflight: Int
  /// After this long without an acknowledgement the firmware gives the connection up.
  public var acknowledgementTimeout: Milliseconds
  /// After this long without a CONNACK the firmware gives the attempt up.
  public var connectTimeout: Milliseconds
  /// Attempt n waits for a uniform draw from 0...min(backoffBase * 2^n, backoffMaximum).
  public var backoffBase: Milliseconds
  public var backoffMaximum: Milliseconds
  /// Whether a last will is left with the broker.
  public var lastWill: Bool
  public var session = Session.clean
  /// On top of the real network's; nil for none.
  public var latency: LinkLatency? = nil
  /// Nil when the device's certificate outlives the run.
  public var certificateExpiry: CertificateExpiry? = nil
}

/// How often a device does on purpose what breaks pipelines. Probabilities per reading, 0...1.
public struct DeviceFaults: Sendable, Equatable {
  /// The connection is cut between PUBLISH and PUBACK, so that the broker gets a true re-delivery.
  public var redelivery: Double
  /// The application sends an acknowledged reading again, with the same event id.
  public var repeats: Double
  /// The time after which a repeat follows, drawn uniformly from this range.
  public var repeatAfter: DurationRange
  /// The reading is held back before it is sent.
  public var late: Double
  /// How long a late reading is held back, drawn uniformly from this range.
  public var lateBy: DurationRange
  /// The payload is broken on purpose.
  public var malformed: Double
  /// In which ways, and how often relative to each other.
  public var malformedKinds = MalformedWeight.standard
  /// Bytes that pad an oversized payload.
  public var oversize = 65_536
  /// The application sends an acknowledged reading again, with a new event id.
  public var repeatsWithNewID = 0.0
  /// Acknowledged readings are sent once more, many at once.
  public var batchReplays: BatchReplays?
}

/// A closed range of durations.
public struct DurationRange: Sendable, Equatable {
  public var lower: Milliseconds
  public var upper: Milliseconds
  public init(lower: Milliseconds, upper: Milliseconds) {
    self.lower = lower
    self.upper = upper
  }
}
