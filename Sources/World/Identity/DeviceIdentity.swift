import FleetSpec

/// Who a device is and where it belongs.
public struct DeviceIdentity: Sendable, Equatable {
  /// The identifier that it bears on the wire. Unique within the fleet, except that clones and second links share it with their original.
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
  /// Index in `World.devices` of the gateway through which it speaks, or -1 when it has a connection of its own.
  public var gateway: Int { Int(gatewayIndex) }

  public init(id: String, site: Int, siteID: String, group: Int, profile: Int, gateway: Int = -1, twin: Twin? = nil) {
    self.id = id
    self.siteID = siteID
    self.twin = twin
    siteIndex = Int32(site)
    groupIndex = Int32(group)
    profileIndex = Int32(profile)
    gatewayIndex = Int32(gateway)
    // No identifier contains a space.
    randomEntity = Entity.number(of: twin?.kind == .clone ? id + " clone" : id)
  }

  /// The number by which the device's way to the broker draws: a second link has luck of its own, whatever is measured.
  public var linkEntity: UInt64 { isSecondLink ? Entity.number(of: id + " 2") : randomEntity }

  /// `<device>.<sensor name>`, the sensor's identity in the store.
  /// - Parameter sensor: one of the device's profile.
  public func sensorID(_ sensor: Sensor) -> String { id + "." + sensor.name }

  /// A second device with the identifier of another one.
  public struct Twin: Sendable, Equatable {
    public enum Kind: UInt8, Sendable {
      /// Another physical device that bears the same identifier by mistake: it measures for itself.
      case clone = 1
      /// The same device over another connection: every reading of the original goes out here as well.
      case secondLink = 2
    }
    public let kind: Kind
    private let index: Int32
    /// Index in `World.devices`.
    public var original: Int { Int(index) }

    public init(of device: Int, kind: Kind) {
      index = Int32(device)
      self.kind = kind
    }
  }

  /// Whether everything that it sends was measured by its original.
  public var isSecondLink: Bool { twin?.kind == .secondLink }
}
