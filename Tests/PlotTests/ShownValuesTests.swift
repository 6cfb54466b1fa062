import FleetSpec
import Foundation
import Testing
import World

@testable import Plot

@Suite struct ShownValuesTests {
  /// Exact sensors, whose firmware changes units and decimals halfway and sends differences.
  private func world() throws -> World {
    let yaml = """
      fleet: changing
      seed: 5
      start: 2026-06-21T06:00:00Z
      duration: 8h
      sites: [{ id: s, latitude: 37.4, longitude: -5.9 }]
      devices: [{ profile: p, count: 6, id: "d-{n}" }]
      profiles:
        p:
          interval: 1m
          plant: { dc_capacity: 10 kW, ac_capacity: 9 kW }
          sensors:
            - { name: power, measures: ac_power, unit: W, decimals: 0, range: [0, 20 kW], encoding: delta }
            - { name: air, measures: pressure, unit: hPa, decimals: 1, range: [500, 1100], encoding: delta }
          power_outages: { every: 3h, length: 5m, spread: 0.5 }
          rollout:
            - { version: 2.0.0, after: 2h, over: 2h, sensors: { power: { unit: kW, decimals: 2 }, air: { unit: kPa, decimals: 2 } } }
            - { version: 3.0.0, after: 6h, over: 1h, sensors: { power: { unit: kW, label: W, decimals: 2 } } }
      """
    let path = NSTemporaryDirectory() + "heliograph-shown-\(UUID().uuidString).yaml"
    try yaml.write(toFile: path, atomically: true, encoding: .utf8)
    defer { try? FileManager.default.removeItem(atPath: path) }
    let fleet = try FleetLoader.loadFleet(path: path, overrides: [], overlay: nil, profileFolders: []).fleet
    return World(fleet: fleet, start: try #require(fleet.start))
  }

  @Test func whatIsShownIsTheTruthInTheProfilesUnitWhateverTheFirmwareSends() throws {
    let world = try world()
    var versions: Set<UInt8> = []
    for device in world.devices.indices {
      var shown = ShownValues(world.profile(of: device))
      var stream = world.stream(device: device)
      while stream.nextSampleTime < world.start + world.fleet.duration {
        stream.sample()
        for index in 0..<stream.readingCount {
          let reading = stream.reading(index)
          let value = shown.value(of: reading)
          versions.insert(reading.version)
          // The last version sends kilowatts and calls them watts: the picture must show what everybody will see.
          let truth = reading.sensor == 0 && reading.version == 2 ? stream.truth(index) / 1000 : stream.truth(index)
          #expect(abs(value - truth) <= (reading.sensor == 0 ? 5.001 : 0.0501))
        }
      }
    }
    #expect(versions == [0, 1, 2])
  }
}
