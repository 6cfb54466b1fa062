import FleetSpec
import Ledger
import Testing
import World

@testable import Reconciliation

@Suite struct LiveReconcilerTests {
  private static let clock = "{ offset: 200ms, drift: 20 ppm, unset: { share: 20 %, synchronised_after: 5s..20s } }"

  private func history(seed: UInt64) throws -> History {
    try History(
      seed: seed, devices: 8, duration: "20m", interval: "5s", clock: Self.clock,
      profile: "    power_outages: { every: 8m, length: 20s, spread: 0.5 }")
  }

  /// Everything is sent at once and acknowledged; the pipeline loses, repeats and changes rows.
  private func play(_ history: History, seed: UInt64) {
    for device in history.readings.indices {
      for reading in history.readings[device] {
        history.tell(device, reading.seq)
        let draw = RandomStream(seed: seed, device: UInt64(device), stream: 7).uniform(UInt64(reading.seq))
        guard draw > 0.02 else { continue }
        var row = history.row(device, reading.seq)
        if draw > 0.98 { row.value = row.value.map { $0 + 1 } }
        history.store.rows.append(row)
        if draw < 0.04 { history.store.rows.append(row) }
      }
    }
  }

  /// The ledger of a run that is still going on.
  private func ledger(_ history: History) throws -> LedgerReader {
    try LedgerReader(path: history.writeLedger(killedAt: history.world.fleet.duration))
  }

  @Test(arguments: UInt64(1)...6) func partsAddUpToTheWhole(seed: UInt64) throws {
    let history = try history(seed: seed)
    play(history, seed: seed)
    let whole = try history.judge().result
    let ledger = try ledger(history)
    let live = LiveReconciler(world: history.world, ledger: ledger, settling: 5_000, salt: seed)
    var now = history.world.start
    let end = history.world.timestampRange.upperBound + 60_000
    var judged: Int64 = -1
    while now < end {
      now += 17_000 + Milliseconds(seed) * 3_000
      try ledger.set("durable_until", to: now)
      try live.pass(history.store)
      #expect(live.state.counts.readings >= judged)
      judged = live.state.counts.readings
    }
    for verdict in Verdict.allCases {
      #expect(live.state.counts[verdict] == whole.verdicts[verdict.rawValue], "\(verdict)")
    }
    #expect(live.state.openParts == 0 && live.state.parts > 20)
    #expect(whole.verdicts["lost"] ?? 0 > 0 && whole.verdicts["duplicated"] ?? 0 > 0 && whole.verdicts["corrupted"] ?? 0 > 0)
  }

  @Test func whatIsLostIsNewsAsSoonAsItHasSettled() throws {
    let history = try history(seed: 3)
    let victim = try #require(history.readings[2].first { $0.trueTime > history.world.start + 300_000 })
    for device in history.readings.indices {
      for reading in history.readings[device] {
        history.tell(device, reading.seq)
        if device != 2 || reading.seq != victim.seq { history.store.rows.append(history.row(device, reading.seq)) }
      }
    }
    let ledger = try ledger(history)
    let live = LiveReconciler(world: history.world, ledger: ledger, settling: 5_000, salt: 1)
    let known = victim.timestamp + 5_000 + history.world.clockMarginBefore + 1_000
    for now in stride(from: history.world.start + 10_000, through: known + 10_000, by: 10_000) {
      try ledger.set("durable_until", to: now)
      try live.pass(history.store)
      #expect(live.state.news.count == (now > known ? 1 : 0))
    }
    let news = try #require(live.state.news.first)
    #expect(news.verdict == .lost && news.seq == victim.seq && news.deviceID == "d-3")
  }

  @Test func nothingIsClaimedOfWhatWasSentAMomentAgo() throws {
    let history = try history(seed: 4)
    // All of it was measured long ago, and sent just now; the store has nothing yet.
    for device in history.readings.indices {
      for reading in history.readings[device] where reading.trueTime < history.world.start + 120_000 {
        history.tell(device, reading.seq, delay: history.world.start + 300_000 - reading.trueTime)
      }
    }
    let ledger = try ledger(history)
    let live = LiveReconciler(world: history.world, ledger: ledger, settling: 5_000, salt: 1)
    try ledger.set("durable_until", to: history.world.start + 301_000)
    try live.pass(history.store)
    #expect(live.state.counts[.lost] == 0 && live.state.counts[.unconfirmed] > 0 && live.state.openParts == 1)
    try ledger.set("durable_until", to: history.world.start + 620_000)
    try live.pass(history.store)
    #expect(live.state.counts[.lost] > 0)
  }

  @Test func checkpointsStayFewAndLeadToTheSameReadings() throws {
    let history = try history(seed: 5)
    let checkpoints = StreamCheckpoints(history.world)
    for step in 1...110 { checkpoints.advance(to: history.world.start + Milliseconds(step) * 10_000) }
    #expect(checkpoints.count < 30)
    for device in history.world.devices.indices {
      var stream = checkpoints.stream(of: device, at: history.world.start + 777_777)
      let from = Int(stream.nextSeq)
      #expect(from > 0)
      while stream.nextSampleTime < history.world.start + history.world.fleet.duration {
        stream.sample()
        for index in 0..<stream.readingCount {
          let reading = stream.reading(index)
          #expect(reading == history.readings[device][Int(reading.seq)])
        }
      }
    }
  }
}
