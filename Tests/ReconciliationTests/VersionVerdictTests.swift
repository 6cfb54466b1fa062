import FleetSpec
import Reconciliation
import Testing
import World

/// What a row must say depends on the version of the firmware that measured it.
@Suite struct VersionVerdictTests {
  static let rollout = """

        rollout:
          - { version: "2.0", after: 10s, over: 30s, share: 70 %, update_time: 2s, interval: 2s, sensors: { temperature: { label: degF, decimals: 1 } } }
          - { rollback: "2.0", after: 50s, over: 10s, share: 50 %, update_time: 1s }
    """

  private func history(_ seed: UInt64 = 1) throws -> History { try History(seed: seed, devices: 6, duration: "90s", profile: Self.rollout) }

  @Test(arguments: 1...5 as ClosedRange<UInt64>) func everythingStoredUnderEachVersionsUnit(seed: UInt64) throws {
    let history = try history(seed)
    history.tellAndStoreAll()
    let readings = Array(history.readings.joined())
    #expect(readings.contains { $0.version == 1 } && readings.contains { $0.version == 0 })
    let outcome = try history.judge()
    #expect(outcome.result[.stored] == outcome.result.readings && outcome.exceptions.isEmpty)
    // Buckets of one version agree; only those in which a device changed were looked at row by row.
    #expect(outcome.result.work.differingBuckets <= 2 * 6)
  }

  @Test func theUnitOfAnotherVersionIsCorrupted() throws {
    for version in [UInt8(0), 1] {
      let history = try history()
      history.tellAndStoreAll()
      let device = history.readings.firstIndex { $0.contains { $0.version == 1 } } ?? 0
      guard let reading = history.readings[device].first(where: { $0.version == version && $0.sensor == 0 }),
        let index = history.store.rows.firstIndex(of: history.row(device, reading.seq)),
        let unit = history.world.fleet.pipeline.store?.attributes.firstIndex(where: { $0.field == .unit })
      else {
        Issue.record("no reading of version \(version)")
        continue
      }
      #expect(history.store.rows[index].attributes[unit] == (version == 1 ? "degF" : "°C"))
      history.store.rows[index].attributes[unit] = version == 1 ? "°C" : "degF"
      let outcome = try history.judge()
      #expect(outcome.verdict("d-\(device + 1)", reading.seq) == .corrupted)
      #expect(outcome.exceptions.count == 1 && outcome.exceptions.first?.detail.hasPrefix("unit") == true)
    }
  }

  /// Where a whole bucket is of one version, the digest's constants alone must show a wrong unit.
  @Test func aWholeRunUnderTheOldUnitIsCorruptedFromTheChangeOn() throws {
    let history = try history()
    history.tellAndStoreAll()
    guard let unit = history.world.fleet.pipeline.store?.attributes.firstIndex(where: { $0.field == .unit }) else { return }
    for index in history.store.rows.indices where history.store.rows[index].attributes[unit] == "degF" {
      history.store.rows[index].attributes[unit] = "°C"
    }
    let changed = history.readings.joined().count { $0.version == 1 && $0.sensor == 0 }
    let outcome = try history.judge()
    #expect(changed > 20 && outcome.result[.corrupted] == Int64(changed))
    #expect(outcome.result[.stored] == outcome.result.readings - Int64(changed))
  }
}
