/// Who a device is and where it belongs.
public struct DeviceIdentity: Sendable, Equatable {
  /// The identifier that it bears on the wire. Unique within the fleet, except that clones and second links share it with their original.
  public let id: String
  /// Index in `Fleet.sites`.
  public let site: Int
  public let siteID: String
  /// Index in `Fleet.groups`.
  public let group: Int
  /// Index in `Fleet.profiles`.
  public let profile: Int
  /// `<device>.<sensor name>`, in the order of the profile's sensors.
  public let sensorIDs: [String]
  /// The number by which the device draws from `RandomStream`; depends on `id` and on what it is a twin of.
  public let randomEntity: UInt64
  /// Index in `World.devices` of the gateway through which it speaks, or -1 when it has a connection of its own.
  public var gateway = -1
  /// Whose identifier it shares, if anybody's.
  public var twin: Twin?

  /// A second device with the identifier of another one.
  public struct Twin: Sendable, Equatable {
    public enum Kind: Sendable, Equatable {
      /// Another physical device that bears the same identifier by mistake: it measures for itself.
      case clone
      /// The same device over another connection: every reading of the original goes out here as well.
      case secondLink
    }
    /// Index in `World.devices`.
    public var original: Int
    public var kind: Kind
  }

  public init(id: String, site: Int, siteID: String, group: Int, profile: Int, sensorIDs: [String], twin: Twin? = nil) {
    self.id = id
    self.site = site
    self.siteID = siteID
    self.group = group
    self.profile = profile
    self.sensorIDs = sensorIDs
    self.twin = twin
    // A second link tells what the original measures, so it draws the same numbers.
    randomEntity = Entity.number(of: twin?.kind == .clone ? id + "/clone" : id)
  }
}
