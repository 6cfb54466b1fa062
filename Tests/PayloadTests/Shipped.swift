import Foundation
import Testing

@testable import FleetSpec
@testable import Payload
@testable import World

/// The fleets of the repository, in whatever notation.
enum Shipped {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().resolvingSymlinksInPath().appendingPathComponent("fleets").path
  static let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter {
    $0.hasSuffix(".yaml") && !$0.hasPrefix("kafka") && !$0.hasPrefix("http")
  }
  .sorted()
  static let start: Milliseconds = 1_782_000_000_000

  static func world(_ name: String, seed: Int = 1, payload: String) throws -> World {
    let loaded = try FleetLoader.loadFleet(
      path: "\(folder)/\(name)", overrides: ["seed=\(seed)", "payload=\(payload)", "faults.malformed=0 %"])
    return World(fleet: loaded.fleet, start: start)
  }

  /// Calls `body` with the first samples of one device of each profile.
  static func samples(_ world: World, count: Int = 4, _ body: (_ readings: [Reading], _ device: Int) throws -> Void) rethrows {
    var seen: [Int] = []
    for device in world.devices.indices where !seen.contains(world.devices[device].profile) {
      seen.append(world.devices[device].profile)
      guard !world.profile(of: device).sensors.isEmpty else { continue }
      var stream = world.stream(device: device)
      for _ in 0..<count {
        stream.sample()
        try body((0..<stream.readingCount).map { stream.reading($0) }, device)
      }
    }
  }

  static func value(_ reading: Reading, _ profile: FirmwareProfile) -> Double {
    let decimals = profile.appearance(of: Int(reading.sensor), version: Int(reading.version)).decimals
    return Double(reading.value) / [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6][decimals]
  }
}

extension Codec {
  func bytes(_ reading: Reading, of device: DeviceIdentity, copy: Int = 0) -> [UInt8] {
    var buffer = ByteBuffer()
    encode(reading, of: device, copy: copy, into: &buffer)
    return buffer.bytes
  }

  func bytes(_ readings: [Reading], of device: DeviceIdentity, copy: Int = 0) -> [UInt8] {
    var buffer = ByteBuffer()
    encode(readings, of: device, copy: copy, into: &buffer)
    return buffer.bytes
  }

  func text(_ reading: Reading, of device: DeviceIdentity = Example.device, copy: Int = 0) -> String {
    String(decoding: bytes(reading, of: device, copy: copy), as: UTF8.self)
  }

  func text(_ readings: [Reading], of device: DeviceIdentity = Example.device) -> String {
    String(decoding: bytes(readings, of: device), as: UTF8.self)
  }
}

/// One device whose messages are written out in tests.
enum Example {
  static let device = DeviceIdentity(id: "inv-0001", site: 0, siteID: "site-01", group: 0, profile: 0)

  static func profile(_ payload: PayloadFormat = PayloadFormat(), kinds: [MalformedKind] = []) -> FirmwareProfile {
    func sensor(_ name: String, _ type: SensorType, _ unit: String, _ decimals: Int) -> Sensor {
      Sensor(
        name: name, type: type, quantity: .acPower, unit: unit, decimals: decimals, minimum: 0, maximum: 9000, gainError: 0, offsetError: 0,
        noise: 0, drift: 0)
    }
    var faults = DeviceFaults(
      redelivery: 0, repeats: 0, repeatAfter: DurationRange(lower: 0, upper: 0), late: 0, lateBy: DurationRange(lower: 0, upper: 0),
      malformed: 0)
    faults.malformedKinds = kinds.map { MalformedWeight($0, 1) }
    faults.oversize = 20_000
    var profile = FirmwareProfile(
      name: "inverter", description: "for tests", firmware: "4.2.1", interval: 1000,
      sensors: [
        sensor("ac_power", .power, "W", 1), sensor("cabinet_temperature", .temperature, "°C", 2), sensor("energy", .energy, "Wh", 0),
      ], clock: DeviceClock(offset: 0, driftPPM: 0, synchronisation: 0), powerOutages: .none, networkOutages: .none,
      buffer: StoreAndForward(capacity: 1000, overflow: .dropOldest, order: .oldestFirst, replayRate: 0, persistent: true),
      connection: ConnectionPolicy(
        qos: 1, keepalive: 60_000, inflight: 20, acknowledgementTimeout: 20_000, connectTimeout: 10_000, backoffBase: 1000,
        backoffMaximum: 60_000, lastWill: true), faults: faults)
    profile.payload = payload
    return profile
  }

  static func reading(
    _ sensor: Int32 = 0, value: Int64 = 12_345, quality: Quality = .good, _ malformation: Malformation = .none, seq: Int64 = 42
  ) -> Reading {
    Reading(
      boot: 3, sensor: sensor, seq: seq, timestamp: 1_767_225_600_123, trueTime: 1_767_225_600_000, value: value, quality: quality,
      malformation: malformation)
  }

  static let sample = [reading(), reading(1, value: -725, quality: .uncertain, seq: 43), reading(2, value: 98_765, seq: 44)]

  static func codec(_ codec: PayloadFormat.Codec, kinds: [MalformedKind] = []) -> any Codec {
    Codecs.codec(of: profile(PayloadFormat(codec: codec), kinds: kinds))
  }
}
