import Drawing
import FleetSpec
import Testing
import World

@testable import Plot

@Suite struct OutageTests {
  private func event(_ start: Milliseconds, _ end: Milliseconds, _ fault: Fault, _ cause: Cause) -> PlannedEvent {
    PlannedEvent(start: start, end: end, fault: fault, cause: cause)
  }

  @Test func withoutPowerNothingElseMatters() {
    let stretches = OutageCensus.stretches(
      [
        event(0, 100, .networkLost, .site), event(20, 50, .powerLost, .device), event(30, 60, .powerLost, .site),
        event(60, .max, .networkLost, .carrier), event(10, 11, .spike, .sensor),
      ], from: 0, to: 200)
    #expect(stretches.map(\.kind) == [.siteNetwork, .devicePower, .sitePower, .carrier])
    #expect(stretches.map(\.start) == [0, 20, 30, 60] && stretches.map(\.end) == [20, 30, 60, 200])
  }

  @Test func columnsAddUpToTheTimeOut() throws {
    let world = try Pictures.world(count: 40, duration: "2d")
    let survey = OutageSurvey(Pictures.all(world))
    let width = Double(world.fleet.duration) / Double(Layout.columns)
    for kind in OutageKind.allCases {
      let inColumns = survey.census.counts[kind.rawValue].reduce(0, +) * width
      #expect(abs(inColumns - survey.census.lengths[kind.rawValue]) <= 1e-6 * max(1, inColumns))
    }
    #expect(survey.census.episodes.reduce(0, +) > 100)
    let most = Double(world.devices.count)
    for column in 0..<Layout.columns { #expect(survey.census.counts.reduce(0) { $0 + $1[column] } <= most + 1e-9) }
  }

  @Test(arguments: [1, 7, 76, 77, 1_000]) func everyDeviceIsInOneRowOfTheMap(devices: Int) {
    var map = OutageMap(from: 0, to: 100, columns: 10, devices: devices)
    let rows = min(devices, OutageMap.mostRows)
    for place in 0..<devices { map.add(.night, 0, 100, place: place) }
    for row in 0..<rows {
      let cell = map.prevailing(row: row, column: 5)
      #expect(cell?.kind == .night && abs((cell?.share ?? 0) - 1) < 1e-5, "\(row)")
    }
  }

  @Test func thePlanCountsTheReadingsThatTheTraceHas() throws {
    let world = try Pictures.world(count: 4, duration: "12h")
    let survey = OutageSurvey(Pictures.all(world))
    let seconds = Double(world.fleet.duration) / 1000 / Double(Layout.columns)
    let planned = survey.readingsPerSecond.reduce(0) { $0 + $1 * seconds }
    var traced = 0
    let workspace = world.workspace()
    for device in world.devices.indices {
      var stream = world.stream(device: device, in: workspace)
      while stream.nextSampleTime < world.start + world.fleet.duration {
        stream.sample()
        traced += stream.readingCount
      }
    }
    #expect(abs(planned - Double(traced)) < 0.005 * planned, "\(planned) planned, \(traced) traced")
  }

  @Test func spansThatCannotBeToldApartBecomeOne() {
    let time = TimeScale(from: 0, to: 1_000_000, left: 0, width: 1000)
    let spans = (0..<50_000).map { StripPanel.Span(start: Milliseconds($0 * 20), end: Milliseconds($0 * 20 + 1), tooltip: "one") }
    let visible = StripPanel.visible(spans, time)
    #expect(visible.count < 1_000 && visible.first?.start == 0 && visible.last?.end == 999_981)
    #expect(visible.first?.tooltip.contains("close together") == true)
    let apart = StripPanel.visible([spans[0], spans[25_000]], time)
    #expect(apart.count == 2 && apart[0].tooltip == "one")
  }

  @Test func aSampleIsSpreadOverAllSites() {
    let sample = GroupTrace.sample(Array(0..<1000), count: 40)
    #expect(sample.count >= 38 && sample == sample.sorted() && Set(sample).count == sample.count)
    // Sites in turn, as a fleet file deals devices out.
    #expect(Set(sample.map { $0 % 20 }).count >= 14)
    #expect(GroupTrace.sample([4, 5], count: 9) == [4, 5])
  }
}
