import FleetSpec
import Foundation
import World

@testable import Firmware

/// A fleet of one profile whose behaviour a test sets.
enum Fixture {
  static let start: Milliseconds = 1_782_000_000_000

  static func world(
    seed: UInt64, devices: Int = 4, duration: String = "10m", interval: String = "5s", profile: String = "", site: String = "",
    group: String = "", gateway: String = ""
  ) throws -> World {
    let folder = NSTemporaryDirectory() + "hl-fixture-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let text = """
      fleet: fixture
      seed: \(seed)
      start: 2026-06-21T00:00:00Z
      sun_time: "11:30"
      duration: \(duration)
      drain: 60s
      sites: [{id: here, latitude: 40, longitude: 0}]
      \(site)
      devices: [{profile: probe, count: \(devices), id: "d-{n}"\(group.isEmpty ? "" : ", " + group)}]
      profiles:
        box:
          profile: box
          interval: 60s
          sensors: []
      \(gateway.split(separator: "\n").map { "    \($0)" }.joined(separator: "\n"))
        probe:
          profile: probe
          description: two sensors
          firmware: "1.0"
          interval: \(interval)
          sensors:
            - {name: temperature, type: TEMPERATURE, measures: ambient_temperature, unit: "°C", decimals: 2, range: [-40, 85], noise: 0.2}
            - {name: humidity, type: HUMIDITY, measures: humidity, unit: "%", decimals: 1, range: [0, 100], noise: 0.5}
      \(profile.split(separator: "\n").map { "    \($0)" }.joined(separator: "\n"))
      """
    let path = folder + "/fleet.yaml"
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    return World(fleet: try FleetLoader.loadFleet(path: path).fleet, start: start)
  }
}

/// Collects what firmware tells.
final class Notebook: DeliveryRecorder {
  var deliveries: [Delivery] = []
  var events: [(event: DeviceEvent, device: Int, seq: Int64, time: Milliseconds)] = []
  func record(_ delivery: Delivery) { deliveries.append(delivery) }
  func note(_ event: DeviceEvent, device: Int, seq: Int64, at time: Milliseconds) { events.append((event, device, seq, time)) }
  func count(_ event: DeviceEvent) -> Int { events.filter { $0.event == event }.count }
}
