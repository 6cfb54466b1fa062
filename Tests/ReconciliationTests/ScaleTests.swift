import FleetSpec
import Foundation
import Reconciliation
import Testing
import World

/// When much is wrong: few questions, and nothing that grows with the number of readings.
@Suite struct ScaleTests {
  /// One fault in a hundred readings, everywhere.
  private func faulty(_ history: History, every distance: Int64 = 100) -> Int64 {
    var lost: Int64 = 0
    for device in history.readings.indices {
      for seq in history.readings[device].indices.map(Int64.init) {
        history.tell(device, seq)
        if (seq + Int64(device) * 37) % distance == 0 { lost += 1 } else { history.store.rows.append(history.row(device, seq)) }
      }
    }
    return lost
  }

  @Test(arguments: [(false, false), (true, false), (false, true), (true, true)])
  func onePercentEverywhereTakesFewQueries(findsByTime: Bool, findsStretches: Bool) throws {
    let history = try History(devices: 20, duration: "4h")
    let lost = faulty(history)
    history.store.findsByTime = findsByTime
    history.store.findsStretches = findsStretches
    let outcome = try history.judge { $0.rowMemory = 10_000 }
    #expect(outcome.result[.lost] == lost && outcome.result[.stored] == outcome.result.readings - lost)
    #expect(outcome.result.work.differingBuckets > 500)
    #expect(history.store.queries <= (findsByTime && !findsStretches ? 128 : 8))
  }

  @Test(arguments: [(false, false), (true, false), (false, true)])
  func fewFaultsFetchLittle(findsByTime: Bool, findsStretches: Bool) throws {
    let history = try History(devices: 20, duration: "4h")
    history.tellAndStoreAll { $0 == 11 && $1 == 2_000 }
    history.tell(11, 2_000)
    history.store.findsByTime = findsByTime
    history.store.findsStretches = findsStretches
    let outcome = try history.judge { $0.samples = 0 }
    #expect(outcome.verdict("d-12", 2_000) == .lost)
    #expect(history.store.queries == 1 && outcome.result.work.rowsFetched < 200)
  }

  @Test(arguments: [0, 2]) func everythingLostOrDuplicated(copies: Int) throws {
    let history = try History(devices: 20, duration: "1h")
    for device in history.readings.indices {
      for seq in history.readings[device].indices.map(Int64.init) {
        history.tell(device, seq)
        for _ in 0..<copies { history.store.rows.append(history.row(device, seq)) }
      }
    }
    let outcome = try history.judge {
      $0.rowMemory = 10_000
      $0.pairsInMemory = 100
    }
    #expect(outcome.result[copies == 0 ? .lost : .duplicated] == outcome.result.readings)
    #expect(outcome.result.readings == 20 * 720 * 2)
  }

  /// The most that can wait for its match: every reading is missing, and every row is a stray.
  @Test(arguments: [3_600_000_000, -90_000_000_000, 86_400_000_000] as [Int64]) func everythingShifted(shift: Int64) throws {
    let history = try History(devices: 10, duration: "30m")
    for device in history.readings.indices {
      for seq in history.readings[device].indices.map(Int64.init) {
        history.tell(device, seq)
        var row = history.row(device, seq)
        row.timestampMicroseconds += shift
        history.store.rows.append(row)
      }
    }
    let outcome = try history.judge {
      $0.rowMemory = 10_000
      $0.pairsInMemory = 1_000
    }
    #expect(outcome.result[.misplaced] == outcome.result.readings && outcome.result[.phantom] == 0)
  }

  @Test func filesAreGoneAfterwards() throws {
    let history = try History(devices: 10, duration: "30m")
    let lost = faulty(history, every: 3)
    let folder = history.folder + "/work"
    let outcome = try history.judge {
      $0.rowMemory = 0
      $0.workFolder = folder
    }
    #expect(outcome.result[.lost] == lost)
    #expect(!FileManager.default.fileExists(atPath: folder))
  }

  @Test func endlesslyManyNamesShareOneCount() throws {
    let history = try History()
    history.tellAndStoreAll()
    for number in 0..<3_000 {
      var row = history.row(0, 0)
      row.sensorID = "d-1.nobody\(number)"
      history.store.rows.append(row)
    }
    let outcome = try history.judge()
    #expect(outcome.result[.phantom] == 3_000 && outcome.result[.stored] == 72)
  }
}
