import Foundation
import Testing

@testable import Lab

private let testQuestDB = ProcessInfo.processInfo.environment["HELIOGRAPH_TEST_QUESTDB"]

/// Runs against a QuestDB for tests: HELIOGRAPH_TEST_QUESTDB is its PostgreSQL address, HELIOGRAPH_TEST_QUESTDB_HTTP its HTTP address.
@Suite(.serialized, .tags(.realParts), .enabled(if: testQuestDB != nil)) struct QuestDBTests {
  private func rows(_ fixture: LabFixture, prefix: String) throws -> [StoredRow] {
    let connection = try fixture.connect()
    try connection.execute("select wait_wal_table('sensor_readings')")
    return try connection.execute(
      "select sensor_id, cast(timestamp as long) as t, value from sensor_readings where sensor_id like '\(prefix)%'"
    ).map { StoredRow(sensorID: $0[0] ?? "", timestamp: (Int64($0[1] ?? "") ?? 0) / 1000, value: $0[2].flatMap { Double($0) }) }
  }

  private func makeFixture(_ defects: [String]) throws -> LabFixture {
    let store = OutsideStore(
      url: try #require(testQuestDB), httpURL: ProcessInfo.processInfo.environment["HELIOGRAPH_TEST_QUESTDB_HTTP"])
    return try LabFixture(defects, store: store)
  }

  @Test func everyReadingIsThereOnce() throws {
    let fixture = try makeFixture([])
    #expect(try fixture.lab.status().part(.store)?.state == .outside)
    let prefix = "q\(microsecondsNow())"
    let readings = TestReading.fleet(devices: 10, samples: 100, prefix: prefix)
    try fixture.publish(readings + readings)
    fixture.waitUntilDrained(received: readings.count * 2)
    #expect(judge(readings, try rows(fixture, prefix: prefix)).isEmpty)
    let row = try fixture.connect().execute(
      "select site_id, asset_id, sensor_type, unit, quality_flag, metadata from sensor_readings where sensor_id = '\(prefix)-0.ac_power' limit 1"
    )
    #expect(row == [["site-01", "\(prefix)-0", "POWER", "°C", "GOOD", "{\"boot\":1,\"seq\":0,\"firmware\":\"4.2.1\"}"]])
    try fixture.lab.stop(.pipeline)
    try fixture.lab.start(.pipeline)
    try fixture.publish(readings)
    fixture.waitUntilDrained(received: readings.count)
    #expect(judge(readings, try rows(fixture, prefix: prefix)).isEmpty)
  }

  @Test func theTruthIsExactWithAllDefectsAtOnce() throws {
    let fixture = try makeFixture(
      [
        "phantom:rate=1%", "crash-replay:every=400,rows=40", "drop:rate=3%", "corrupt-value:rate=3%,how=null",
        "shift-timestamp:rate=3%,by=2h",
        "wrong-time-unit:rate=3%", "duplicate:rate=3%", "dedup-window:window=100ms",
      ])
    let prefix = "d\(microsecondsNow())"
    let readings = TestReading.fleet(devices: 10, samples: 100, prefix: prefix)
    try fixture.publish(readings)
    fixture.waitUntilDrained(received: readings.count)
    let copies = Array(readings.prefix(500))
    try fixture.publish(copies)
    fixture.waitUntilDrained(received: readings.count + copies.count)
    let seen = judge(readings, try rows(fixture, prefix: prefix))
    #expect(try fixture.injected() == seen)
    #expect(Set(seen.values) == ["lost", "corrupted", "misplaced", "duplicated", "phantom"])
  }

  @Test func theStoreOutsideIsNeitherStartedNorStopped() throws {
    let fixture = try makeFixture([])
    #expect(throws: LabError.self) { try fixture.lab.stop(.store) }
    #expect(throws: LabError.self) { try fixture.lab.kill(.store, signal: SIGKILL) }
  }

  /// As after a request whose answer never came: the writer asks before it sends again.
  @Test func aBatchOfUnknownOutcomeIsStoredOnce() throws {
    let fixture = try makeFixture([])
    let prefix = "u\(microsecondsNow())"
    var batch = Batch()
    for reading in TestReading.fleet(devices: 1, samples: 50, prefix: prefix) {
      let bytes = Array(reading.json.utf8)
      try bytes.withUnsafeBytes { buffer in
        let event = try EventScanner.scan(buffer)
        let row = Row(timestamp: event.timestamp * 1000, value: event.value, ingestedAt: microsecondsNow())
        batch.add(row, event, buffer, .lineProtocol(table: "sensor_readings"))
      }
    }
    var writer = QuestDBWriter(try fixture.state.store, password: "quest")
    try writer.connect()
    for isStored in [false, true, true] {
      writer.resumeMark = 1
      try writer.store(batch)
      #expect(try rows(fixture, prefix: prefix).count == batch.rows, "\(isStored)")
    }
  }
}
