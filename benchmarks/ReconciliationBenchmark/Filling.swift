import FleetSpec
import Foundation
import Ledger
import Simulation
import World

/// Measures a fleet in the order of time, spoils it, and writes table and ledger.
struct Filling {
  let folder: String
  let world: World
  let sink: any RowSink
  let defects: DefectPlan

  init(folder: String, fleet: Fleet, sink: any RowSink, defects: DefectPlan) {
    self.folder = folder
    world = World(fleet: fleet, start: fleet.start ?? 0)
    self.sink = sink
    self.defects = defects
  }

  func run() throws {
    let begin = Resources.now
    let end = world.start + world.fleet.duration
    var digests = DigestBook(world: world, salt: world.fleet.seed &+ 77)
    let path = "\(folder)/ledger.sqlite"
    for suffix in ["", "-wal", "-shm"] { unlink(path + suffix) }
    let writer = try LedgerWriter(
      path: path, devices: world.devices.map { LedgerDevice(id: $0.id) },
      facts: [
        ("run_id", "benchmark"), ("state", "running"), ("wall_start", String(world.start)), ("start", String(world.start)),
      ] + (digests?.form.facts ?? []))
    let workspace = world.workspace()
    var streams = world.devices.indices.map { world.stream(device: $0, in: workspace) }
    var measured = [Int64](repeating: 0, count: streams.count)
    var truth = Fingerprint()
    var rows: Int64 = 0
    var isOver = false
    while !isOver {
      isOver = true
      // All devices of a profile sample equally often: one sample of each in turn is nearly in the order of time.
      for device in streams.indices where streams[device].nextSampleTime < end {
        isOver = false
        streams[device].sample()
        for index in 0..<streams[device].readingCount {
          let reading = streams[device].reading(index)
          digests?.add(reading, device: device)
          measured[device] += 1
          rows += try write(reading, device, &truth)
        }
      }
      var batch = LedgerBatch()
      digests?.drain(into: &batch)
      if batch.digests.count > 0 { writer.submit(batch) }
    }
    try sink.finish()
    digests?.closeAll()
    var batch = LedgerBatch()
    digests?.drain(into: &batch)
    finish(&batch, measured, end)
    writer.submit(batch)
    try writer.close()
    try truth.text.write(toFile: "\(folder)/truth.txt", atomically: true, encoding: .utf8)
    let readings = measured.reduce(0, +)
    let seconds = Resources.now - begin
    print(
      "filled: \(readings) readings of \(world.devices.count) devices, \(rows) rows, in \(Int(seconds)) s "
        + "(\(Int(Double(rows) / seconds)) rows/s); ledger \((try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) ?? 0) bytes"
    )
    print("seeded: \(truth.counts.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: ", "))")
  }

  private func write(_ reading: Reading, _ device: Int, _ truth: inout Fingerprint) throws -> Int64 {
    let defect = defects.defect(device: device, seq: reading.seq)
    if let defect { truth.add(defect.verdict, deviceID: world.devices[device].id, seq: reading.seq) }
    let decimals = world.profile(of: device).decimals(of: reading)
    let arrival = reading.trueTime * 1_000 + 50_000
    func send(_ value: Int64, _ microseconds: Int64) throws {
      try sink.write(
        SinkRow(
          device: device, sensor: Int(reading.sensor), timestamp: microseconds, value: value, decimals: decimals,
          quality: reading.quality, arrival: arrival), world)
    }
    let time = reading.timestamp * 1_000
    switch defect {
    case nil: try send(reading.value, time)
    case .lost: return 0
    case .duplicated:
      try send(reading.value, time)
      try send(reading.value, time)
      return 2
    case .corrupted: try send(reading.value + 1, time)
    case .misplaced: try send(reading.value, time + 3_600_000_777)
    }
    return 1
  }

  private func finish(_ batch: inout LedgerBatch, _ measured: [Int64], _ end: Milliseconds) {
    for (device, count) in measured.enumerated() {
      batch.measured.append((Int32(device), count))
      guard count > 0 else { continue }
      batch.runs.append(
        DeliveryRun(
          device: Int32(device), run: 0, firstSeq: 0, lastSeq: count - 1, outcome: 1, attempts: 1, firstSent: world.start + 20,
          lastSent: end + 20, acknowledgedAt: end + 25, delayMinimum: 20, delayMaximum: 20))
    }
    batch.durable = end
    batch.facts = [
      ("state", "finished"), ("wall_end", String(end + 7_200_000)), ("published", String(measured.reduce(0, +))),
      ("store_at_rest", String(end + 7_800_000)),
    ]
  }
}
