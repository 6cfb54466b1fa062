/// The gateways of a group: its devices speak through them.
public struct GatewayGroup: Sendable, Equatable {
  /// Index into `Fleet.profiles`: the gateway's buffer, connection, outages and faults.
  public var profile: Int
  /// The most devices of one site that share a gateway; at least 1.
  public var devices: Int
  /// The identifier of each gateway, expanded from its pattern: site by site in the group's order.
  public var ids: [String]
  /// The share of a device's readings that its gateway never hears, 0...1.
  public var radioLoss: Double

  /// How many gateways a group needs at the site of a given rank in its list of sites.
  public static func count(devices: Int, each: Int, rank: Int, sites: Int) -> Int {
    let here = max(0, (devices - rank + sites - 1) / sites)
    return (here + each - 1) / each
  }
}

/// Devices of a group that share their id with another one.
public struct Doubles: Sendable, Equatable {
  /// Under which MQTT client id a clone connects.
  public enum ClientID: String, Sendable, CaseIterable {
    /// That of the original: they throw each other off the broker.
    case same
    /// One of its own.
    case distinct
  }
  /// The share of devices of which there is a second one with the same id, 0...1.
  public var clones = 0.0
  public var cloneClientID = ClientID.same
  /// The share of devices that send everything over two links, 0...1.
  public var secondLinks = 0.0
}

/// Acknowledged readings that are sent once more, many at once.
public struct BatchReplays: Sendable, Equatable {
  /// Mean time between two replays; they are exponentially distributed.
  public var every: Milliseconds
  /// How many readings, those acknowledged last; at least 1.
  public var size: Int
}

extension Fleet {
  /// The identifiers of all devices that connect to the broker themselves, and so need a certificate where certificates are used.
  public var connectingIDs: [String] {
    groups.flatMap { group in
      guard let gateway = group.gateway else { return group.deviceIDs }
      // A second link for which there is no second gateway is the device's own.
      return group.doubles.secondLinks > 0 ? gateway.ids + group.deviceIDs : gateway.ids
    }
  }
}
