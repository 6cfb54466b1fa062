/// Who a device is and where it belongs.
public struct DeviceIdentity: Sendable, Equatable {
  /// Unique within the fleet.
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
  /// The number by which the device draws from `RandomStream`; depends on `id` alone.
  public let randomEntity: UInt64

  public init(id: String, site: Int, siteID: String, group: Int, profile: Int, sensorIDs: [String]) {
    self.id = id
    self.site = site
    self.siteID = siteID
    self.group = group
    self.profile = profile
    self.sensorIDs = sensorIDs
    randomEntity = Entity.number(of: id)
  }
}
