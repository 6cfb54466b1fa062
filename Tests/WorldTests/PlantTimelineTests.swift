import Testing

@testable import FleetSpec
@testable import World

/// Every fault of plant and grid that a reading shows is in the timeline with its cause, and the other way round.
@Suite struct PlantTimelineTests {
  private static let causes: [Fault: Cause] = [
    .curtailed: .gridOperator, .gridDisturbed: .grid, .tripped: .grid, .trackerStalled: .plant, .fuseBlown: .plant, .shaded: .plant,
  ]
  private static let all = causes.keys.reduce(into: FaultSet()) { $0.insert($1) }

  private static func world(_ seed: UInt64) -> World {
    var tracked = PlantFleets.tracked
    tracked.obstacles = PlantFleets.complete.obstacles
    let strings = [1, 4, 6].map { PlantFleets.sensor(.stringCurrent, input: $0) }
    var meter = Fleets.profile(
      "meter", interval: 120_000, plant: PlantFleets.complete,
      sensors: PlantFleets.sensors(.gridPower, .energyImported, .stateOfCharge, .acVoltage, .ambientTemperature))
    meter.load = Load(average: 450)
    meter.storage = Storage(capacity: 10_000, power: 5000, efficiency: 0.9)
    var fleet = Fleets.fleet(
      seed: seed, sites: [Fleets.site(), Fleets.site("south", latitude: -34, longitude: 18, cloudiness: 0.2)],
      profiles: [
        Fleets.profile(
          "inverter", interval: 60_000, plant: PlantFleets.complete,
          sensors: PlantFleets.sensors(.acPower, .gridFrequency, .ambientTemperature, .energyTotal)),
        Fleets.profile(
          "tracker", interval: 60_000, plant: tracked, sensors: PlantFleets.sensors(.trackerAngle, .planeIrradiance, .acPower)),
        Fleets.profile("combiner", interval: 60_000, plant: PlantFleets.complete, sensors: strings),
        meter,
        Fleets.profile("weather", interval: 120_000, plant: nil, sensors: PlantFleets.sensors(.acVoltage, .globalIrradiance)),
      ], count: 2)
    for index in fleet.groups.indices {
      fleet.groups[index].deviceIDs = (1...2).map { "\(fleet.profiles[index].name)-\($0)" }
    }
    fleet.grid = PlantFleets.grid
    fleet.grid.curtailment.schedule = [
      ScheduledOutage(beginning: .after(30 * Fleets.hour), length: 9 * Fleets.hour),
      ScheduledOutage(beginning: .after(33 * Fleets.hour), length: Fleets.hour),
    ]
    return World(fleet: fleet, start: Fleets.start)
  }

  @Test(arguments: 0..<4 as Range<UInt64>) func readingsShowWhatTheTimelineTellsAndNothingElse(seed: UInt64) {
    let world = Self.world(seed)
    let end = Fleets.start + 6 * Fleets.day
    var seen: FaultSet = []
    for device in world.devices.indices {
      let profile = world.profiles[world.devices[device].profile]
      let random = RandomEntity(seed: seed, entity: world.devices[device].randomEntity)
      let events = world.timeline(device: device, from: Fleets.start, to: end).filter { Self.all.contains($0.fault) }
      for event in events { #expect(event.cause == Self.causes[event.fault] && event.start < event.end) }
      var shownEvents = Set<Int>()
      var wrong: [String] = []
      for sample in PlantFleets.samples(world, device: device, days: 6) {
        for (index, sensor) in profile.sensors.enumerated() {
          var expected: FaultSet = []
          for (number, event) in events.enumerated() where event.start <= sample.time && sample.time < event.end {
            let string = event.fault == .fuseBlown ? profile.blownString(of: random, since: event.start) : 0
            guard sensor.plantFaults(blownString: string).contains(event.fault) else { continue }
            expected.insert(event.fault)
            shownEvents.insert(number)
          }
          let shown = sample.faults[index].intersection(Self.all)
          if shown != expected { wrong.append("\(sensor.quantity) at \(sample.time): \(shown.rawValue) instead of \(expected.rawValue)") }
          seen.formUnion(shown)
        }
      }
      #expect(wrong.isEmpty, "\(profile.specification.name): \(wrong.first ?? ""), \(wrong.count) in all")
      // What lasts longer than a sample takes cannot stay unseen.
      for (number, event) in events.enumerated() where min(event.end, end) - max(event.start, Fleets.start) > 2 * profile.interval {
        #expect(shownEvents.contains(number), "\(event)")
      }
    }
    #expect(seen == Self.all)
  }

  @Test func aPartOfTheTimelineIsThatPartOfTheWhole() {
    let world = Self.world(7)
    for device in world.devices.indices {
      let whole = world.timeline(device: device, from: Fleets.start, to: Fleets.start + 6 * Fleets.day)
      for hours in stride(from: 1, to: 140, by: 13) as StrideTo<Int64> {
        let from = Fleets.start + hours * Fleets.hour
        let part = world.timeline(device: device, from: from, to: from + 5 * Fleets.hour)
        #expect(part == whole.filter { $0.start < from + 5 * Fleets.hour && $0.end > from })
      }
    }
  }

  @Test func whatOverlapsCountsAsOneEpisode() {
    var outages = Outages.none
    outages.schedule = [
      ScheduledOutage(beginning: .after(1000), length: 9000), ScheduledOutage(beginning: .after(3000), length: 1000),
      ScheduledOutage(beginning: .after(10_000), length: 2000), ScheduledOutage(beginning: .after(20_000), length: 1000),
    ]
    let process = OutageProcess(outages, of: RandomEntity(seed: 1, entity: 1), gap: 1, length: 2, start: 0)
    for order in [[500, 1000, 3500, 5000, 9999, 11_999, 12_000, 20_000, 21_000], [20_500, 5000, 12_500, 0, 11_000]] as [[Milliseconds]] {
      var finder = EpisodeFinder(process)
      for time in order {
        let isInside = (time >= 1000 && time < 12_000) || (time >= 20_000 && time < 21_000)
        let episode = finder.current(at: time)
        #expect((episode != nil) == isInside)
        if let episode { #expect(episode.start == (time < 20_000 ? 1000 : 20_000)) }
      }
    }
  }
}
