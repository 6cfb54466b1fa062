import Foundation
import Testing

@testable import Lab

@Suite(.serialized, .tags(.realParts)) struct DefectTests {
  /// Publishes readings, then copies of a part of them, then restarts the pipeline and publishes further copies.
  private func play(_ defects: [String], expecting verdicts: Set<String>) throws {
    let fixture = try LabFixture(defects)
    let readings = TestReading.fleet(devices: 10, samples: 100)
    let late = TestReading.fleet(devices: 5, samples: 4, prefix: "late", base: microsecondsNow() / 1000 - 3_600_000)
    try fixture.publish(readings + late)
    fixture.waitUntilDrained(received: readings.count + late.count)
    let copies = readings.enumerated().filter { $0.offset % 5 == 0 }.map(\.element) + late
    try fixture.publish(copies)
    fixture.waitUntilDrained(received: readings.count + late.count + copies.count)
    let seen = judge(readings + late, try fixture.rows())
    #expect(try fixture.injected() == seen)
    #expect(Set(seen.values) == verdicts)
    #expect(PipelineStatus.load(folder: fixture.folder)?.harmed == UInt64(seen.count))

    try fixture.lab.stop(.pipeline)
    try fixture.lab.start(.pipeline)
    try fixture.publish(copies)
    fixture.waitUntilDrained(received: copies.count)
    #expect(try fixture.injected() == judge(readings + late, try fixture.rows()))
  }

  @Test(arguments: [
    ("drop:rate=5%", ["lost"]),
    ("late-cutoff:after=10m", ["lost"]),
    ("similar-value-dedup:within=1%,window=60s", ["lost"]),
    ("corrupt-value:rate=5%,how=scale", ["corrupted"]),
    ("corrupt-value:rate=5%,how=negate", ["corrupted"]),
    ("corrupt-value:rate=5%,how=null", ["corrupted"]),
    ("corrupt-value:rate=5%,how=truncate", ["corrupted"]),
    ("shift-timestamp:rate=5%,by=-2h", ["misplaced"]),
    ("wrong-time-unit:rate=5%", ["misplaced"]),
    ("duplicate:rate=5%", ["duplicated"]),
    ("dedup-window:window=100ms", ["duplicated"]),
    ("phantom:rate=2%", ["phantom"]),
    ("crash-replay:every=500,rows=50", ["duplicated"]),
    ("site-loss:site=site-01,rate=5%", ["lost"]),
    ("partition-loss:partitions=4,partition=2", ["lost"]),
    ("dedup-keys", ["lost"]),
    ("loss-burst:every=20ms,length=5ms", ["lost"]),
    ("float32:rate=5%", ["corrupted"]),
    ("round-value:places=2", ["corrupted"]),
  ])
  func theTruthIsWhatTheTableShows(_ defect: String, _ verdicts: [String]) throws {
    try play([defect], expecting: Set(verdicts))
  }

  @Test func theTruthIsExactWithAllDefectsAtOnce() throws {
    try play(
      [
        "phantom:rate=1%", "crash-replay:every=400,rows=40", "drop:rate=3%", "late-cutoff:after=10m", "similar-value-dedup:within=0.8%",
        "corrupt-value:rate=3%", "shift-timestamp:rate=3%,by=2h", "wrong-time-unit:rate=3%", "duplicate:rate=3%",
        "dedup-window:window=100ms",
      ], expecting: ["lost", "corrupted", "misplaced", "duplicated", "phantom"])
  }
}

@Suite struct DefectSpecificationTests {
  @Test(arguments: [
    ("dorp:rate=1%", "unknown defect 'dorp' in 'dorp:rate=1%', did you mean 'drop'?"),
    ("drop:rat=1%", "unknown parameter 'rat', did you mean 'rate'?"),
    ("drop:rate=101%", "'101%' is no rate"),
    ("drop:rate", "'rate' is not of the form key=value"),
    ("drop:", "nothing stands behind the colon"),
    ("drop:rate=1%,rate=2%", "given twice"),
    ("late-cutoff:after=5", "expected a duration with its unit"),
    ("late-cutoff:after=-5s", "expected a duration"),
    ("corrupt-value:how=scael", "one of scale, negate, null, truncate, did you mean 'scale'?"),
    ("crash-replay:every=0", "a whole number of at least 1"),
    ("wrong-time-unit:as=ns", "one of us"),
  ])
  func aWrongSpecificationIsRefused(_ spec: String, _ expected: String) throws {
    let error = #expect(throws: LabError.self) { try Defects([spec]) }
    #expect(error?.description.contains(expected) == true, "\(error?.description ?? "")")
  }

  @Test func aWrongSpecificationStartsNothing() throws {
    let folder = NSTemporaryDirectory() + "hl-\(UUID().uuidString)"
    #expect(throws: LabError.self) { try Lab(folder: folder).up(LabFixture.options(["dorp"])) }
    #expect(!FileManager.default.fileExists(atPath: folder))
  }

  @Test func theHelpNamesEveryDefectWithASpecificationThatWorks() throws {
    let specs = Defects.help.split(separator: "\n").filter { !$0.hasPrefix(" ") }.map(String.init)
    #expect(specs.count == 23)
    _ = try Defects(specs)
  }

  @Test func ratesAreMetAndSeedsDiffer() throws {
    let keys = (0..<100_000).map { ReadingKey(sensor: mix(UInt64($0 % 100)), timestamp: Int64($0)) }
    func selected(_ seed: UInt64) throws -> Set<Int64> {
      let parameters = try DefectParameters(Drop.description, "rate=1%", seed: seed, spec: "")
      let selection = Selection(parameters)
      return Set(keys.filter { selection.contains($0) }.map(\.timestamp))
    }
    let one = try selected(1)
    let two = try selected(2)
    // Binomial with n = 100,000 and p = 1 %: five standard deviations are 157.
    #expect(abs(one.count - 1000) < 157 && abs(two.count - 1000) < 157)
    #expect(one.intersection(two).count < 50)
  }
}
