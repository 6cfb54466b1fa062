import FleetSpec
import Reconciliation
import Store
import World

/// What a sound pipeline stores of a reading, also of one that it should refuse. Written for its own sake, not taken from Reconciliation.
struct HonestRow {
  private let world: World
  private let fields: [AttributeMapping.Field]
  /// Whether rows bear the id of their message.
  private let tellsMessage: Bool
  private static let powers: [Double] = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000]

  init(_ world: World) {
    self.world = world
    tellsMessage = world.fleet.pipeline.store?.identity.eventID != nil
    fields = (world.fleet.pipeline.store?.attributes ?? []).map(\.field)
  }

  /// Where quality stands among the attributes.
  var qualityPosition: Int? { fields.firstIndex(of: .quality) }

  func row(_ reading: Reading, of device: Int, at now: Milliseconds) -> TableRow {
    let identity = world.devices[device]
    let profile = world.profile(of: device)
    let sensor = profile.sensors[Int(reading.sensor)]
    let prefix = reading.malformation == .unknownDevice ? "unregistered-" : ""
    let attributes = fields.map { field -> String? in
      switch field {
      case .siteID: identity.siteID
      case .deviceID: prefix + identity.id
      case .sensorType: sensor.type.rawValue
      case .unit: profile.unitLabel(of: reading)
      case .quality: "\(reading.quality.label)"
      }
    }
    return TableRow(
      sensorID: prefix + identity.sensorID(sensor), timestampMicroseconds: reading.timestamp * 1_000,
      value: Double(reading.value) / HonestRow.powers[profile.decimals(of: reading)], attributes: attributes,
      ingestedAtMicroseconds: now * 1_000,
      message: tellsMessage ? MessageCode.code(boot: reading.boot, sequence: reading.sequence) : 0)
  }
}
