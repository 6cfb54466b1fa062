import FleetSpec
import Store
import Testing
import World

@testable import Reconciliation

/// Rows that wait on the disk come back as they were.
@Suite struct RowSpillTests {
  private func record(_ number: Int) -> (RowRecord, UnusualTexts?) {
    let random = RandomStream(seed: 5, device: 0, stream: 920_000)
    let isUnusual = number % 3 == 0
    let record = RowRecord(
      sensor: Int32(number % 17), variant: isUnusual ? BucketTable.noVariant : 0, quality: UInt8(number % 6), place: .inside,
      hasValue: number % 5 != 0, timestampMicroseconds: Int64(number) * 1_001, value: random.uniform(UInt64(number)),
      arrival: number % 7 == 0 ? RowRecord.noArrival : Int64(number))
    return (record, isUnusual ? UnusualTexts(sensorID: "d-\(number).°", attributes: [nil, "", "x\(number)"]) : nil)
  }

  private func texts(_ spill: RowSpill) throws -> [String] {
    try (0..<spill.partitionCount).flatMap { partition in
      let rows = try spill.load(partition)
      return rows.rows.map { row in
        "\(row.sensor) \(row.timestampMicroseconds) \(row.hasValue) \(row.value) \(row.arrival) \(row.quality) "
          + (rows.texts(of: row).map { "\($0.sensorID) \($0.attributes)" } ?? "usual")
      }
    }
  }

  private func spill(_ memoryLimit: Int, _ folder: WorkFolder) -> RowSpill {
    RowSpill(partitionCount: 4, memoryLimit: memoryLimit, folder: { try folder.opened() })
  }

  @Test(arguments: [0, 100, 5_000]) func rowsComeBackAsTheyWere(memoryLimit: Int) throws {
    let folder = WorkFolder(path: nil)
    let memory = spill(.max, folder)
    let disk = spill(memoryLimit, folder)
    for number in 0..<300 {
      let (row, texts) = record(number)
      try memory.add(row, texts, toPartition: Int(row.sensor) % 4)
      try disk.add(row, texts, toPartition: Int(row.sensor) % 4)
    }
    #expect(disk.hasSpilled && !memory.hasSpilled && disk.count == 300)
    #expect(try texts(disk) == texts(memory))
    let sensors = try (0..<4).flatMap { try disk.load($0).rows.map(\.sensor) }
    #expect(sensors.count == 300)
  }

  @Test(arguments: [0, 700, 5_000, Int.max]) func whatCameAfterAMarkIsForgotten(memoryLimit: Int) throws {
    let folder = WorkFolder(path: nil)
    let spill = spill(memoryLimit, folder)
    func add(_ numbers: Range<Int>) throws {
      for number in numbers {
        let (row, texts) = record(number)
        try spill.add(row, texts, toPartition: Int(row.sensor) % 4)
      }
    }
    try add(0..<100)
    let before = try texts(spill)
    let mark = spill.mark
    try add(100..<250)
    try spill.goBack(to: mark)
    #expect(try texts(spill) == before)
    #expect(spill.count == 100)
    try add(100..<110)
    #expect(try texts(spill).count == 110)
  }
}
