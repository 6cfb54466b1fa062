import Foundation
import Testing

@testable import FleetSpec

@Suite struct LoadingTests {
  private func errors(_ work: () throws -> Void) -> [SpecificationError] {
    do {
      try work()
      return []
    } catch {
      return (error as? SpecificationErrors)?.errors ?? []
    }
  }

  @Test func quickstartIsWhatItSays() throws {
    let fleet = try FleetLoader.loadFleet(path: Repository.quickstart).fleet
    #expect(fleet.name == "quickstart" && fleet.deviceCount == 1000 && fleet.sites.count == 20)
    #expect(fleet.groups.map(\.count) == [700, 60, 240])
    #expect(fleet.groups[0].deviceIDs.first == "inv-0001" && fleet.groups[0].deviceIDs.last == "inv-0700")
    #expect(fleet.duration == 60_000 && fleet.drain == 15_000 && fleet.sunTime == 41_400_000 && fleet.start == nil)
    #expect(fleet.sites[0].id == "site-01")
    #expect(fleet.sites.allSatisfy { (37...46).contains($0.latitude) && (-6...5).contains($0.longitude) })
    #expect(Set(fleet.sites.map { Int(($0.latitude - 37) / 3) }).count >= 3, "sites are spread over the range")
    #expect(fleet.profiles.map(\.name) == ["string-inverter", "weather-station", "cellular-environment-sensor"])
    #expect(fleet.profiles.allSatisfy { $0.faults.late == 0.005 && $0.faults.lateBy == DurationRange(lower: 3000, upper: 12_000) })
    #expect(fleet.profiles[0].networkOutages == Outages(every: 180_000, length: 6000, spread: 0.4))
    #expect(fleet.profiles[0].connection.backoffMaximum == 3000 && fleet.profiles[0].connection.keepalive == 30_000)
    #expect(fleet.pipeline.deduplication == Deduplication(keys: ["sensor_id", "timestamp"], window: 600_000))
    #expect(fleet.transport == nil && fleet.pipeline.store == nil)
    #expect(fleet.thresholds.contains(Threshold(verdict: "phantom", limit: .count(0))), "what is not named keeps its limit")
    #expect(!fleet.thresholds.contains { $0.verdict == "unconfirmed" })
  }

  @Test(arguments: ["string-inverter", "weather-station", "cellular-environment-sensor"])
  func profilesStandByThemselves(name: String) throws {
    let path = Repository.root.appendingPathComponent("firmware-profiles/\(name).yaml").path
    let profile = try FleetLoader.loadProfile(path: path)
    #expect(profile.name == name && profile.interval == 5000 && profile.sensors.count >= 5)
    #expect(try FleetLoader.load(path: path) == .profile(profile))
    #expect(Set(profile.sensors.map(\.name)).count == profile.sensors.count)
  }

  @Test func rangesAndNoiseAreInTheSensorsUnit() throws {
    let path = Repository.root.appendingPathComponent("firmware-profiles/string-inverter.yaml").path
    let power = try #require(try FleetLoader.loadProfile(path: path).sensors.first)
    #expect(power.unit == "W" && power.maximum == 11_000 && power.gainError == 0.005)
    let folder = try TemporaryFolder()
    let kilowatts = try folder.write(
      "k.yaml",
      """
      profile: k
      interval: 1s
      plant: { dc_capacity: 12 kW, ac_capacity: 10 kW }
      sensors:
        - { name: p, measures: ac_power, unit: kW, decimals: 3, range: [0 W, 11], noise: 5 W, drift: 0.1 kW/month }
      """)
    let sensor = try #require(try FleetLoader.loadProfile(path: kilowatts).sensors.first)
    #expect(sensor.unit == "kW" && sensor.maximum == 11 && sensor.noise == 0.005 && abs(sensor.drift - 1.2) < 1e-12)
  }

  @Test(arguments: try Repository.fleets())
  func resolvedFleetReadsBackEqual(name: String) throws {
    try check(try FleetLoader.loadFleet(path: Repository.root.appendingPathComponent("fleets/\(name)").path))
  }

  @Test func everyKeyReadsBackEqual() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("small.yaml", SmallFleet.yaml(Self.everything))
    try check(try FleetLoader.loadFleet(path: path))
  }

  private func check(_ loaded: LoadedFleet) throws {
    let folder = try TemporaryFolder()
    let text = loaded.resolvedYAML(start: 1_767_225_600_123, seed: 77)
    let path = try folder.write("deep/in/a/run/fleet.yaml", text)
    let again = try FleetLoader.loadFleet(path: path)
    var expected = loaded.fleet
    expected.start = 1_767_225_600_123
    expected.seed = 77
    #expect(again.fleet == expected)
    #expect(again.resolvedYAML(start: 1_767_225_600_123, seed: 77) == text)
  }

  private static let everything = """
    description: "with \\"quotes\\", \\\\ and: colons"
    sun_time: "07:05:09"
    site_outages: { power: { every: 3d 1ms, length: 1.5s, spread: 0.123456789 } }
    faults: { late: 0.07 %, malformed: 3.3 %, late_by: 7s }
    transport:
      mqtt:
        url: mqtts://broker.example:9999
        authority: certificates/ca.crt
        device_certificates: ../devices
        user: someone
        password: { file: secrets/broker }
    pipeline:
      dedup: none
      allowed_lateness: forever
      store:
        url: postgresql:///db?host=/run/postgresql
        password: { env: STORE_PASSWORD }
        table: public.readings
        timestamp: ts
        timestamp_unit: ms
        identity: [ts, "sensor id"]
        values: { value: v }
        attributes: { quality: q, unit: u }
        ingested_at: none
    thresholds: { unconfirmed: 0.7 %, lost: 3, pending: 29 % }
    """

  @Test func everyPartOfAFleetIsDecoded() throws {
    let folder = try TemporaryFolder()
    let fleet = try FleetLoader.loadFleet(path: try folder.write("x/small.yaml", SmallFleet.yaml(Self.everything))).fleet
    guard case .mqtt(let mqtt)? = fleet.transport else { throw SpecificationErrors([]) }
    #expect(mqtt.host == "broker.example" && mqtt.port == 9999 && mqtt.user == "someone")
    #expect(mqtt.tls?.authorityFile == "\(folder.path)/x/certificates/ca.crt")
    #expect(mqtt.tls?.deviceCertificates == "\(folder.path)/devices" && mqtt.tls?.serverName == "broker.example")
    #expect(mqtt.password == .file("\(folder.path)/x/secrets/broker"))
    #expect(mqtt.topic == "telemetry/{site_id}/{asset_id}/{sensor_type}")
    let store = try #require(fleet.pipeline.store)
    #expect(store.identity.sensor == ColumnReference("sensor id") && store.timestampColumn == "ts" && store.timestampUnit == .milliseconds)
    #expect(store.attributes == [AttributeMapping(field: .quality, column: "q"), AttributeMapping(field: .unit, column: "u")])
    #expect(store.ingestedAtColumn == nil && store.password == .environment("STORE_PASSWORD"))
    #expect(fleet.pipeline.deduplication == nil && fleet.pipeline.allowedLateness == nil && fleet.pipeline.futureTolerance == 3_600_000)
    #expect(fleet.thresholds.contains(Threshold(verdict: "unconfirmed", limit: .share(0.007))))
    #expect(fleet.thresholds.contains(Threshold(verdict: "lost", limit: .count(3))))
    #expect(fleet.siteNetworkOutages == .none && fleet.sitePowerOutages.every == 3 * 86_400_000 + 1)
  }

  @Test func anErrorPerMistake() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("x.yaml", SmallFleet.yaml("seeed: 1\ndrain: 5\nsun_date: 13-01"))
    let found = errors { _ = try FleetLoader.loadFleet(path: path) }
    #expect(found.count == 3)
    #expect(found.first?.suggestion == "did you mean 'seed'?")
    #expect(found.map(\.place.line) == [12, 14, 13], "in the order of the description, unknown keys first")
  }

  @Test func groupsKeepToTheirSites() throws {
    let folder = try TemporaryFolder()
    let yaml = SmallFleet.yaml()
      .replacing("sites:\n", with: "sites:\n  - { id: \"p-{n:3}\", count: 3, latitude: [1, 2], longitude: 7 }\n")
      .replacing("count: 2, id: \"d-{n}\"", with: "count: 3, id: \"{site}-{n:2}\", sites: [p-003, s1]")
    let fleet = try FleetLoader.loadFleet(path: try folder.write("x.yaml", yaml)).fleet
    #expect(fleet.sites.map(\.id) == ["p-001", "p-002", "p-003", "s1"])
    #expect(fleet.groups[0].sites == [2, 3])
    #expect(fleet.groups[0].deviceIDs == ["p-003-01", "s1-02", "p-003-03"])
  }

  @Test func everyTroubleOfASensorIsRead() throws {
    let file = NSTemporaryDirectory() + "heliograph-troubles-\(UUID().uuidString).yaml"
    defer { try? FileManager.default.removeItem(atPath: file) }
    try """
    fleet: troubles
    duration: 1d
    sites: [{id: here, latitude: 40, longitude: 0}]
    devices: [{profile: probe, count: 1, id: "d-{n}"}]
    profiles:
      probe:
        interval: 1m
        plant: {dc_capacity: 12 kW, ac_capacity: 10 kW}
        faults: {malformed: 1 %, malformed_kinds: {unknown_device: 1, null: 3, nan: 0}}
        sensors:
          - {name: plain, measures: pressure, range: [0, 1200], spike_size: 5, dying: 1d}
          - name: troubled
            measures: ac_power
            unit: kW
            range: [0, 20]
            temperature_coefficient: 100 ppm/K
            flicker_noise: 20 W
            random_walk: 12 W/month
            lag: 30s
            stuck: {every: 90d, length: 6h}
            spikes: 0.01 %
            dropout: 0.1 %
            dropouts: {every: 30d, length: 1h}
            death: 20y
            recalibrate: 1y
          - name: energy
            measures: energy_total
            unit: kWh
            range: [0, 10000000]
            counter: {reset: midnight, reset_skew: 7m, ignores_dst: true, zero_at_boot: 2, begins_at: 4294967 kWh}
    """.write(toFile: file, atomically: true, encoding: .utf8)
    let fleet = try FleetLoader.loadFleet(path: file).fleet
    let sensors = fleet.profiles[0].sensors
    #expect(sensors[0].troubles.areNone)
    let troubles = sensors[1].troubles
    #expect(sensors[1].temperatureCoefficient == 1e-4)
    #expect(abs(troubles.flickerNoise - 0.02) < 1e-12 && abs(troubles.randomWalk - 0.144) < 1e-12 && troubles.lag == 30_000)
    #expect(troubles.stuck.length == 6 * 3_600_000 && troubles.dropouts.every == 30 * 86_400_000)
    #expect(troubles.spikes == 0.0001 && troubles.spikeSize == 10 && troubles.dropout == 0.001)
    #expect(troubles.life == 20 * 31_557_600_000 && troubles.dying == 30 * 86_400_000 && troubles.recalibration == 31_557_600_000)
    let counter = try #require(sensors[2].troubles.counter)
    #expect(counter.bits == 32 && counter.wraps && counter.step == 0.001 && counter.reset == .midnight && counter.resetSkew == 420_000)
    #expect(counter.ignoresDaylightSaving && counter.zeroAtBoot == 2 && counter.beginsAt == 4_294_967)
    // In the order of the enumeration, without those that never come.
    #expect(fleet.profiles[0].faults.malformedKinds == [MalformedWeight(.null, 3), MalformedWeight(.unknownDevice, 1)])
  }
}
