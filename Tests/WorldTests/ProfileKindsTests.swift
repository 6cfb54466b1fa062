import CAllocationCount
import Foundation
import Testing

@testable import FleetSpec
@testable import World

/// The profiles that ship, each on a small fleet: what they print is what an engineer expects.
@Suite struct ProfileKindsTests {
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("firmware-profiles")
  static let names: [String] = {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return files.filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(5)) }.sorted()
  }()

  private static let sites = [
    Fleets.site(cloudiness: 0.5), Fleets.site("desert", latitude: 29, longitude: -5, altitude: 700, cloudiness: 0.1),
    Fleets.site("ranch", latitude: 40, longitude: -105, altitude: 1600, cloudiness: 0.3),
  ]

  @Test func thereAreSome() { #expect(Self.names.count >= 10) }

  @Test(arguments: names) func staysWithinItsOwnRanges(name: String) throws {
    var profile = try FleetLoader.loadProfile(path: Self.folder.appendingPathComponent(name + ".yaml").path)
    profile.interval = max(profile.interval, 300_000)
    let fleet = Fleets.fleet(sites: Self.sites, profiles: [profile], count: 6)
    let world = World(fleet: fleet, start: Fleets.start)
    var values = [[Double]](repeating: [], count: profile.sensors.count)
    var outOfRange = [Int](repeating: 0, count: profile.sensors.count)
    for device in world.devices.indices {
      for reading in DeviceStreamTests.readings(world, device: device, until: Fleets.start + 5 * Fleets.day) {
        values[Int(reading.sensor)].append(Double(reading.value))
        if reading.quality == .outOfRange { outOfRange[Int(reading.sensor)] += 1 }
      }
    }
    for (index, sensor) in profile.sensors.enumerated() {
      #expect(values[index].count > 1000 && outOfRange[index] * 1000 < values[index].count, "\(sensor.name): \(outOfRange[index])")
      let isAlive = Set(values[index]).count > 3
      #expect(isAlive || sensor.quantity == .rainRate || sensor.quantity == .spreadingFactor, "\(sensor.name) never moves")
    }
  }

  /// What each quantity may truly be on a summer's week in Europe, in World's units.
  private static let plausible: [Quantity: ClosedRange<Double>] = [
    .acPower: 0...10_000, .dcPower: 0...10_400, .dcVoltage: 0...850, .dcCurrent: 0...25, .stringCurrent: 0...8, .acVoltage: 130...260,
    .acCurrent: 0...25, .reactivePower: 0...3200, .apparentPower: 0...10_000, .gridFrequency: 48...52, .energyTotal: 1e6...1e9,
    .operatingState: 1...8, .cabinetTemperature: 0...85, .trackerAngle: -55...55, .globalIrradiance: 0...1500, .planeIrradiance: 0...1700,
    .ambientTemperature: -5...45, .moduleTemperature: -5...95, .windSpeed: 0...40, .windDirection: 0...360, .rainRate: 0...60,
    .humidity: 0...100, .pressure: 900...1000, .stateOfCharge: 0...100, .storagePower: -5000...5000, .storageVoltage: 46...56,
    .storageTemperature: -5...55, .loadPower: 10...8000, .gridPower: -10_000...8000, .gridCurrent: 0...25, .energyImported: 1e5...1e8,
    .energyExported: 0...1e9, .batteryVoltage: 3...4.2, .signalStrength: -113...(-51), .signalToNoise: -20...52, .spreadingFactor: 0...12,
    .vibration: 0...8, .flowRate: 0...150, .rotation: 0...1500, .torque: 0...50,
  ]

  @Test func everyQuantityIsWhatItCanBe() {
    for quantity in Quantity.allCases where Self.plausible[quantity] == nil { Issue.record("no range for \(quantity)") }
    var plant = PlantFleets.complete
    plant.inputs = []
    plant.tracker = PlantFleets.tracked.tracker
    let quantities = Quantity.allCases
    let world = PlantFleets.world(
      seed: 9, interval: 300_000, plant: plant, sensors: quantities.map { PlantFleets.sensor($0) }, sites: [Fleets.site(cloudiness: 0.5)],
      count: 4
    ) {
      $0.grid = PlantFleets.grid
      $0.profiles[0].load = Load(average: 450)
      $0.profiles[0].storage = Storage(capacity: 10_000, power: 5000, efficiency: 0.92)
    }
    var seen = [ClosedRange<Double>?](repeating: nil, count: quantities.count)
    for device in world.devices.indices {
      for sample in PlantFleets.samples(world, device: device, days: 7) {
        for (index, value) in sample.values.enumerated() {
          let known = seen[index] ?? value...value
          // A value that is not a number would make no range.
          seen[index] = value.isNaN ? -.infinity ... .infinity : min(known.lowerBound, value)...max(known.upperBound, value)
        }
      }
    }
    for (index, quantity) in quantities.enumerated() {
      guard let range = seen[index], let limits = Self.plausible[quantity] else { continue }
      #expect(limits.contains(range.lowerBound) && limits.contains(range.upperBound), "\(quantity): \(range), not within \(limits)")
      #expect(range.lowerBound < range.upperBound || quantity == .spreadingFactor, "\(quantity) never moves")
    }
    #expect(Set(quantities.map(\.standardType)) == Set(SensorType.allCases), "no quantity for a sensor type")
  }

  @Test(.enabled(if: AllocationTests.isOptimised)) func aSampleOfEverythingAllocatesNothing() {
    for plant in [PlantFleets.complete, PlantFleets.tracked] {
      var diode = plant
      diode.powerModel = .singleDiode
      let world = PlantFleets.world(seed: 9, plant: diode, sensors: Quantity.allCases.map { PlantFleets.sensor($0) }) {
        $0.grid = PlantFleets.grid
        $0.profiles[0].load = Load(average: 450)
        $0.profiles[0].storage = Storage(capacity: 10_000, power: 5000, efficiency: 0.92)
      }
      var stream = world.stream(device: 0)
      for _ in 0..<100 { stream.sample() }
      let before = allocation_count()
      for _ in 0..<10_000 { stream.sample() }
      #expect(allocation_count() == before)
    }
  }
}
