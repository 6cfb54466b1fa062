import FleetSpec

/// Who a device is and where it belongs.
public struct DeviceIdentity: Sendable, Equatable {
  /// Unique within the fleet but for twins.
  public let id: String
  public let siteID: String
  /// The number by which the device draws from `RandomStream`; depends on `id` alone, and for a clone on that it is one.
  public let randomEntity: UInt64
  /// Set where another device of the fleet has the same id.
  public let twin: Twin?
  private let siteIndex: Int32
  private let groupIndex: Int32
  private let profileIndex: Int32
  private let gatewayIndex: Int32

  /// Index in `Fleet.sites`.
  public var site: Int { Int(siteIndex) }
  /// Index in `Fleet.groups`.
  public var group: Int { Int(groupIndex) }
  /// Index in `Fleet.profiles`.
  public var profile: Int { Int(profileIndex) }
  /// Index in `World.devices` of the gateway through which the device speaks, or nil when it has a connection of its own.
  public var gateway: Int? { gatewayIndex < 0 ? nil : Int(gatewayIndex) }

  public init(id: String, site: Int, siteID: String, group: Int, profile: Int, gateway: Int? = nil, twin: Twin? = nil) {
    self.id = id
    self.siteID = siteID
    self.twin = twin
    siteIndex = Int32(site)
    groupIndex = Int32(group)
    profileIndex = Int32(profile)
    gatewayIndex = Int32(gateway ?? -1)
    // No identifier contains a space.
    randomEntity = Entity.number(of: twin?.kind == .clone ? id + " clone" : id)
  }

  /// The number by which the device's way to the broker draws: a second link has luck of its own, whatever is measured.
  public var linkEntity: UInt64 { twin?.kind == .secondLink ? Entity.number(of: id + " 2") : randomEntity }

  /// `<device>.<sensor name>`, the sensor's identity in the store.
  /// - Parameter sensor: one of the device's profile.
  public func sensorID(_ sensor: Sensor) -> String { id + "." + sensor.name }
}

/// That a device bears the id of another one.
public struct Twin: Sendable, Equatable {
  public enum Kind: UInt8, Sendable {
    /// Another physical device with the same id, as when a configuration was copied.
    case clone = 1
    /// The same device's second way to the broker: it measures nothing of its own, the same readings go out once more.
    case secondLink = 2
  }
  public let kind: Kind
  private let original: Int32
  /// Index in `World.devices`.
  public var of: Int { Int(original) }

  public init(of device: Int, kind: Kind) {
    original = Int32(device)
    self.kind = kind
  }
}
