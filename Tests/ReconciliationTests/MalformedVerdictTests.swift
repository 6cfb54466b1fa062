import FleetSpec
import Reconciliation
import Testing
import World

/// What a pipeline must refuse and what it must store as it was sent, for every way in which a payload can be broken.
@Suite struct MalformedVerdictTests {
  static let kinds = MalformedKind.allCases.map(\.rawValue)
  static let soundKinds = ["wrong_unit", "out_of_range"]

  private func history(_ kinds: [String], seed: UInt64 = 1, pipeline: String = "") throws -> History {
    try History(
      seed: seed, pipeline: pipeline,
      faults: "{malformed: 40 %, malformed_kinds: {\(kinds.map { "\($0): 1" }.joined(separator: ", "))}}")
  }

  /// The readings that are broken, told to the ledger.
  private func tellBroken(_ history: History) -> [(device: Int, seq: Int64)] {
    var broken: [(device: Int, seq: Int64)] = []
    for device in history.readings.indices {
      for reading in history.readings[device] where reading.malformation != .none {
        history.tell(device, reading.seq)
        broken.append((device, reading.seq))
      }
    }
    return broken
  }

  @Test(arguments: kinds) func anHonestPipelinePasses(kind: String) throws {
    let history = try history([kind])
    history.tellAndStoreAll { history.readings[$0][Int($1)].malformation != .none }
    let broken = tellBroken(history)
    let isSound = Self.soundKinds.contains(kind)
    if isSound { history.store.rows += broken.map { history.row($0.device, $0.seq) } }
    let outcome = try history.judge()
    #expect(broken.count > 10 && outcome.result.passed)
    #expect(outcome.result[.rejected] == (isSound ? 0 : Int64(broken.count)))
    #expect(outcome.result[.stored] == 72 - outcome.result[.rejected])
    #expect(outcome.result[.phantom] == 0 && outcome.result.work.foreignRows == 0 && outcome.result.work.differingBuckets == 0)
  }

  @Test(arguments: kinds) func whatIsRefusedOrStoredAgainstTheContractIsNamed(kind: String) throws {
    let history = try history([kind])
    history.tellAndStoreAll { history.readings[$0][Int($1)].malformation != .none }
    let broken = tellBroken(history)
    let isSound = Self.soundKinds.contains(kind)
    // The other way round than it should be.
    if !isSound { history.store.rows += broken.map { history.row($0.device, $0.seq) } }
    let outcome = try history.judge()
    #expect(outcome.result[isSound ? .lost : .acceptedMalformed] == Int64(broken.count) && !outcome.result.passed)
    #expect(outcome.result[.stored] == Int64(72 - broken.count) && outcome.result[.phantom] == 0 && outcome.result.work.foreignRows == 0)
  }

  @Test(arguments: kinds) func aContractThatStoresEverythingFindsItAsSent(kind: String) throws {
    let history = try history([kind], pipeline: "  malformed: store")
    history.tellAndStoreAll()
    let outcome = try history.judge()
    #expect(outcome.result[.stored] == 72 && outcome.result.passed && outcome.result[.phantom] == 0)
  }

  @Test func repairedContentIsCorrupted() throws {
    let history = try history(["wrong_unit", "out_of_range", "unknown_device"], pipeline: "  malformed: store")
    history.tellAndStoreAll { history.readings[$0][Int($1)].malformation != .none }
    let broken = tellBroken(history)
    for (device, seq) in broken {
      let reading = history.readings[device][Int(seq)]
      var row = history.row(device, seq)
      let sensor = history.world.profile(of: device).sensors[Int(reading.sensor)]
      switch reading.malformation {
      case .wrongUnit: row.attributes = row.attributes.map { $0 == sensor.wrongUnit ? sensor.unit : $0 }
      case .outOfRange: row.value = sensor.maximum
      default: row.sensorID = history.world.devices[device].sensorID(sensor)
      }
      history.store.rows.append(row)
    }
    let outcome = try history.judge()
    #expect(outcome.result[.corrupted] == Int64(broken.count) && outcome.result[.stored] == Int64(72 - broken.count))
  }

  @Test func unitsAndDecimalsOfAnUpdateAreExpectedAsTheVersionSendsThem() throws {
    let history = try History(
      profile: """
            rollout:
              - version: "2.0"
                after: 20s
                over: 10s
                update_time: 1s
                sensors: {temperature: {unit: "degC", decimals: 1}, humidity: {label: "pct"}}
        """)
    history.tellAndStoreAll()
    #expect(history.readings.joined().contains { $0.version == 1 })
    let outcome = try history.judge()
    #expect(outcome.result.passed && outcome.result[.stored] == Int64(history.readings.joined().count))
    for index in history.store.rows.indices {
      history.store.rows[index].attributes = history.store.rows[index].attributes.map { $0 == "pct" ? "%" : $0 }
    }
    let changed = Int64(history.readings.joined().count { $0.version == 1 && $0.sensor == 1 })
    #expect(try history.judge().result[.corrupted] == changed && changed > 5)
  }

  /// Every kind at once, and each reading stored or not at random.
  @Test(arguments: UInt64(1)...20) func verdictsEqualTheTruth(seed: UInt64) throws {
    let history = try history(Self.kinds, seed: seed)
    let random = RandomStream(seed: seed, device: 0, stream: 900_001)
    var truth: [String: Verdict] = [:]
    for device in history.readings.indices {
      for reading in history.readings[device] {
        history.tell(device, reading.seq)
        let isStored = random.uniform(UInt64(device) * 1000 + UInt64(reading.seq)) < 0.5
        if isStored { history.store.rows.append(history.row(device, reading.seq)) }
        let verdict: Verdict = reading.malformation.mustBeRefused ? isStored ? .acceptedMalformed : .rejected : isStored ? .stored : .lost
        truth["\(history.world.devices[device].id):\(reading.seq)"] = verdict
      }
    }
    let outcome = try history.judge(salt: seed)
    for (key, verdict) in truth {
      let parts = key.split(separator: ":")
      #expect((outcome.verdict(String(parts[0]), Int64(parts[1]) ?? -1) ?? .stored) == verdict, "\(key)")
    }
    #expect(outcome.result[.phantom] == 0)
  }
}
