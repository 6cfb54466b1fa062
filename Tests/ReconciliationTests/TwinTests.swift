import FleetSpec
import Reconciliation
import Testing
import World

/// Devices that share an identifier, second links, gateways and new event ids.
@Suite struct TwinTests {
  private func twin(_ history: History, of device: Int, _ kind: DeviceIdentity.Twin.Kind) throws -> Int {
    try #require(history.world.devices.firstIndex { $0.twin?.original == device && $0.twin?.kind == kind })
  }

  private func expectSum(_ result: ReconciliationResult, _ readings: Int, sourceLocation: SourceLocation = #_sourceLocation) {
    #expect(result.verdicts.filter { $0.key != "phantom" }.values.reduce(0, +) == result.readings, sourceLocation: sourceLocation)
    #expect(result.readings == Int64(readings), sourceLocation: sourceLocation)
  }

  @Test func aCloneIsJudgedByItself() throws {
    let history = try History(group: "clones: 100 %")
    #expect(history.world.devices.count == 6)
    let clone = try twin(history, of: 1, .clone)
    history.tellAndStoreAll { ($0 == clone && $1 == 5) || ($0 == 1 && $1 == 6) }
    history.tell(clone, 5)
    history.tell(1, 6, outcome: 2)
    let outcome = try history.judge()
    #expect(outcome.result[.lost] == 1 && outcome.result[.unconfirmed] == 1 && outcome.result[.phantom] == 0)
    #expect(outcome.verdict("d-2", boot: history.readings[clone][5].boot, 5) == .lost)
    #expect(outcome.verdict("d-2", boot: history.readings[1][6].boot, 6) == .unconfirmed)
    #expect(history.readings[clone][5].boot >= 1_000 && history.readings[1][6].boot == 1)
    expectSum(outcome.result, 6 * 24)
  }

  @Test func clonesThatStampTheSameInstantCollide() throws {
    // Sampled every 100 ms by clocks without error, one clone in a hundred stamps as its original does.
    let history = try History(devices: 200, duration: "1s", group: "clones: 100 %", interval: "100ms", clock: "{offset: 0s, drift: 0 ppm}")
    let pairs = history.world.devices.indices.compactMap { index -> (Int, Int)? in
      guard let original = history.world.devices[index].twin?.original else { return nil }
      return history.readings[original][0].timestamp == history.readings[index][0].timestamp ? (original, index) : nil
    }
    #expect(!pairs.isEmpty && pairs.count < 10)
    let clones = Set(pairs.map(\.1))
    history.tellAndStoreAll { device, _ in clones.contains(device) }
    // The store keeps one row for each key, the original's.
    for clone in clones { for seq in history.readings[clone].indices { history.tell(clone, Int64(seq)) } }
    let outcome = try history.judge()
    let collided = clones.reduce(0) { $0 + history.readings[$1].count }
    #expect(outcome.result[.collided] == Int64(collided) && outcome.result[.lost] == 0 && outcome.result[.phantom] == 0)
    #expect(outcome.exceptions.allSatisfy { $0.verdict == .collided })
    expectSum(outcome.result, history.readings.joined().count)
  }

  /// Outcome on the first link, on the second, whether there is a row, and the verdict.
  @Test(
    arguments: [
      (1, 3, true, Verdict.stored), (3, 1, true, .stored), (3, 1, false, .lost), (2, 1, false, .lost), (2, 2, false, .unconfirmed),
      (2, 3, true, .stored), (3, 3, false, .discarded), (3, 4, false, .withheld), (4, 3, false, .withheld), (4, 2, false, .unconfirmed),
    ] as [(UInt8, UInt8, Bool, Verdict)])
  func bothLinksDecideTogether(first: UInt8, second: UInt8, isStored: Bool, verdict: Verdict) throws {
    let history = try History(group: "second_link: 100 %")
    let link = try twin(history, of: 0, .secondLink)
    #expect(history.readings[link] == history.readings[0])
    history.tellAndStoreAll { ($0 == 0 || $0 == link) && $1 == 4 }
    for (device, outcome) in [(0, first), (link, second)] { history.tell(device, 4, outcome: outcome, attempts: outcome <= 2 ? 1 : 0) }
    if isStored { history.store.rows.append(history.row(0, 4)) }
    let outcome = try history.judge()
    #expect((outcome.verdict("d-1", 4) ?? .stored) == verdict)
    #expect(outcome.result[.phantom] == 0)
    expectSum(outcome.result, 3 * 24)
  }

  @Test func aReadingStoredOnceForEachLinkIsDuplicated() throws {
    for (pipeline, verdict) in [
      ("", Verdict.duplicated), ("  dedup: {keys: [sensor_id, timestamp], window: 10s}", .duplicated),
      ("  dedup: {keys: [event_id]}", .duplicated), ("  dedup: none", .stored),
    ] {
      let history = try History(pipeline: pipeline, group: "second_link: 100 %")
      history.tellAndStoreAll()
      history.store.rows.append(history.row(2, 8))
      #expect(try history.judge().verdict("d-3", 8) ?? .stored == verdict, "\(pipeline)")
    }
  }

  @Test func linksFurtherApartThanTheWindowMayBothBeStored() throws {
    let history = try History(pipeline: "  dedup: {keys: [sensor_id, timestamp], window: 10s}", group: "second_link: 100 %")
    let link = try twin(history, of: 0, .secondLink)
    history.tellAndStoreAll { $0 == link && $1 < 2 }
    history.tell(link, 0, delay: 30_000)
    history.tell(link, 1, delay: 5_000)
    history.store.rows += [history.row(0, 0), history.row(0, 1)]
    let outcome = try history.judge()
    #expect(outcome.verdict("d-1", 0) == nil && outcome.verdict("d-1", 1) == .duplicated)
  }

  @Test func latenessIsThatOfTheFasterAcknowledgedLink() throws {
    let history = try History(pipeline: "  allowed_lateness: 10s", group: "second_link: 100 %")
    let link = try twin(history, of: 0, .secondLink)
    history.tellAndStoreAll { ($0 == 0 || $0 == link) && $1 < 2 }
    // In time over one link: must be stored. In time only where nobody acknowledged it: may be dropped.
    history.tell(0, 0, delay: 60_000)
    history.tell(link, 0, delay: 100)
    history.tell(0, 1, delay: 60_000)
    history.tell(link, 1, outcome: 2, delay: 100)
    let outcome = try history.judge()
    #expect(outcome.verdict("d-1", 0) == .lost && outcome.verdict("d-1", 1) == .droppedLate)
  }

  @Test func aNewEventIDIsAnotherMessageWhereThatIsTheKey() throws {
    for (pipeline, verdict) in [("", Verdict.duplicated), ("  dedup: {keys: [event_id]}", .stored)] {
      let history = try History(pipeline: pipeline)
      history.tellAndStoreAll { $0 == 1 && $1 < 3 }
      history.tell(1, 0, attempts: 2, ids: 2)
      history.store.rows += [history.row(1, 0), history.row(1, 0)]
      history.tell(1, 1, attempts: 3, ids: 2)
      history.store.rows += [history.row(1, 1), history.row(1, 1), history.row(1, 1)]
      // Same id: one row, whatever the key.
      history.tell(1, 2, attempts: 2)
      history.store.rows += [history.row(1, 2), history.row(1, 2)]
      let outcome = try history.judge()
      #expect(outcome.verdict("d-2", 0) ?? .stored == verdict)
      #expect(outcome.verdict("d-2", 1) == .duplicated && outcome.verdict("d-2", 2) == .duplicated)
    }
  }

  @Test func aKilledRunClaimsNothingOfASecondLink() throws {
    let history = try History(pipeline: "  dedup: {keys: [sensor_id, timestamp], window: 10s}", group: "second_link: 100 %")
    let link = try twin(history, of: 0, .secondLink)
    for device in 0..<3 {
      for reading in history.readings[device] where reading.trueTime <= History.start + 30_000 {
        history.tell(device, reading.seq, outcome: device == 0 && reading.seq == 1 ? 3 : 1)
        if device != 0 || reading.seq > 1 { history.store.rows.append(history.row(device, reading.seq)) }
      }
    }
    // Of the second links nothing is told: more rows prove nothing, an acknowledgement of the first still does.
    history.store.rows.append(history.row(0, 4))
    let outcome = try history.judge(killedAt: 30_000)
    #expect(outcome.verdict("d-1", 0) == .lost && outcome.verdict("d-1", 1) == .unconfirmed && outcome.verdict("d-1", 4) == nil)
    #expect(outcome.result[.phantom] == 0 && outcome.result[.duplicated] == 0 && link == 3)
  }

  @Test func gatewaysWithoutSensorsHaveNothingToJudge() throws {
    let history = try History(devices: 5, group: "gateway: {profile: box, devices: 2, id: \"box-{n}\"}")
    #expect(history.world.devices.map(\.gateway) == [5, 5, 6, 6, 7, -1, -1, -1])
    history.tellAndStoreAll { $0 == 3 && $1 == 2 }
    history.tell(3, 2, outcome: 3)
    let outcome = try history.judge()
    #expect(outcome.verdict("d-4", 2) == .discarded && outcome.result.passed)
    expectSum(outcome.result, 5 * 24)
  }
}
