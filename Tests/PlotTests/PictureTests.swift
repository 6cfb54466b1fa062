import Drawing
import FleetSpec
import Foundation
import Testing
import World

@testable import Plot

@Suite struct PictureTests {
  @Test(arguments: ["inv-001", "wx-1", "env-002"]) func aDeviceIsDrawnWithTheExtremesOfItsTrace(id: String) throws {
    let world = try Pictures.world()
    let selection = try Pictures.device(id, of: world)
    let picture = try ReadPicture(try Pictures.bytes { Plot.trace(selection, name: "", to: $0) })
    let profile = world.profile(of: selection.devices[0])
    var lowest = [Int64?](repeating: nil, count: profile.sensors.count)
    var highest = lowest
    var stream = world.stream(device: selection.devices[0])
    while stream.nextSampleTime < selection.to {
      stream.sample()
      for index in 0..<stream.readingCount {
        let reading = stream.reading(index)
        let sensor = Int(reading.sensor)
        lowest[sensor] = min(lowest[sensor] ?? .max, reading.value)
        highest[sensor] = max(highest[sensor] ?? .min, reading.value)
      }
    }
    for (index, sensor) in profile.sensors.enumerated() {
      let path = try #require(picture.path(series: sensor.name))
      let scale = pow(10, Double(sensor.decimals))
      #expect(try Double(#require(path["data-lowest"])) == Double(try #require(lowest[index])) / scale)
      #expect(try Double(#require(path["data-highest"])) == Double(try #require(highest[index])) / scale)
    }
    #expect(picture.texts.contains { $0.contains("pictured, seed 3: \(id)") })
    #expect(picture.texts.contains { $0.contains("Europe/") })
  }

  /// The line itself reaches as far as the extremes, whatever was merged into a column.
  @Test func aSingleSpikeIsNotLost() {
    var envelope = Envelope(from: 0, to: 1_000_000, columns: 100)
    for step in 0..<10_000 { envelope.add(step == 5_055 ? 90 : step == 7_777 ? -40 : 1, at: Milliseconds(step * 100)) }
    let series = Series(name: "spiky", kind: .line, envelope: envelope, gap: 500, decimals: 0)
    let frame = Frame(left: 0, top: 0, width: 100, height: 140)
    let time = TimeScale(from: 0, to: 1_000_000, left: 0, width: 100)
    let scale = NumberScale(-50...90, startsAtZero: true, ticks: 5)
    let path = series.line(scale, 1, in: frame, time)
    for extreme in [-40.0, 90] { #expect(path.contains("V\(MarkupWriter.short(scale.y(extreme, in: frame)))")) }
    #expect(path.utf8.count < 3_000)
    #expect(envelope.lowest.time == 777_700 && envelope.highest.time == 505_500)
  }

  @Test func linesAreBrokenWhereTheDeviceWasSilent() {
    var envelope = Envelope(from: 0, to: 100_000, columns: 100)
    for step in 0..<100 where !(40..<60).contains(step) { envelope.add(5, at: Milliseconds(step * 1000)) }
    let series = Series(name: "s", kind: .line, envelope: envelope, gap: 2_500, decimals: 0)
    let frame = Frame(left: 0, top: 0, width: 100, height: 10)
    let path = series.line(
      NumberScale(0...10, startsAtZero: true, ticks: 2), 1, in: frame, TimeScale(from: 0, to: 100_000, left: 0, width: 100))
    #expect(path.filter { $0 == "M" }.count == 2)
  }

  @Test func allPicturesAreWellFormedAndTheSameForTheSameSeed() throws {
    func pictures(_ seed: Int) throws -> [Data] {
      let world = try Pictures.world(seed: seed, count: 3, duration: "6h")
      let all = Pictures.all(world)
      let south = Selection(
        world: world, devices: all.devices.filter { world.devices[$0].site == 0 }, site: 0, from: all.from, to: all.to)
      let device = try Pictures.device("inv-001", of: world)
      return [
        try Pictures.bytes { Plot.trace(device, name: "", to: $0) },
        try Pictures.bytes { Plot.trace(south, name: "south", to: $0) }, try Pictures.bytes { Plot.trace(all, name: "fleet", to: $0) },
        try Pictures.bytes { Plot.plan(all, to: $0) },
      ]
    }
    let one = try pictures(1)
    let read = try one.map { try ReadPicture($0) }
    // Whether planned or found in readings, faults are told in the pictures of a device and of many alike.
    #expect(read[1].texts.contains("malformed: payload") && read[2].texts.contains("malformed: payload"))
    #expect(try pictures(1) == one)
    for (data, other) in zip(one, try pictures(2)) { #expect(data != other) }
  }

  @Test func textsCannotBreakOutOfTheirElements() throws {
    let data = try Pictures.bytes { svg in
      svg.open("svg", ["aria-label": "a\"b<c>&\u{7}"])
      svg.text("</text><script>&\u{0}", x: 1, y: 2)
      svg.element("path", ["d": "M0 0"], title: "1 < 2 & 3")
      svg.close()
    }
    let picture = try ReadPicture(data)
    #expect(picture.elements.map(\.name) == ["svg", "text", "path", "title"])
    #expect(picture.texts == ["</text><script>&\u{FFFD}", "1 < 2 & 3"])
  }

  /// A week at five seconds, with as many devices and outages as make the picture as large as it gets.
  @Test func aWeekOfAFleetStaysUnderAMegabyte() throws {
    let world = try Pictures.world(count: 120, duration: "7d")
    let trace = try Pictures.bytes {
      GroupPicture(Pictures.all(world), name: "fleet", budget: 400_000).picture().draw($0)
    }
    let plan = try Pictures.bytes { Plot.plan(Pictures.all(world), to: $0) }
    #expect(trace.count < 1_000_000 && plan.count < 1_000_000, "\(trace.count) and \(plan.count) bytes")
    _ = try ReadPicture(trace)
    _ = try ReadPicture(plan)
  }

  @Test func aFileIsCompleteOrNotThere() throws {
    let folder = NSTemporaryDirectory() + "heliograph-plot-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    struct Stop: Error {}
    try "before".write(toFile: folder + "/a.svg", atomically: true, encoding: .utf8)
    #expect(throws: Stop.self) { try PageFile(path: folder + "/a.svg").write { _ in throw Stop() } }
    #expect(try String(contentsOfFile: folder + "/a.svg", encoding: .utf8) == "before")
    try PageFile(path: folder + "/a.svg").write { $0.raw("after") }
    #expect(try String(contentsOfFile: folder + "/a.svg", encoding: .utf8) == "after")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["a.svg"])
    #expect(throws: PageFile.Failure.self) { try PageFile(path: folder + "/none/a.svg") }
    #expect(throws: PageFile.Failure.self) { try PageFile(path: folder) }
    #expect(throws: PageFile.Failure.self) { try PageFile(path: "/dev/full").write { $0.raw("x") } }
  }
}
