import Diagnosis
import FleetSpec
import Foundation
import Payload
import Reconciliation
import Store
import World

@testable import Lab

/// The lab's own pipeline with its defects, fed from a bench and writing into the bench's table: everything but broker and database.
final class LabBench {
  /// How many readings or rows each defect has harmed, by what the pipeline says itself.
  private(set) var harmed: [String: Int] = [:]
  private let bench: Bench
  private let folder = NSTemporaryDirectory() + "heliograph-lab-bench-\(UUID().uuidString)"

  private struct Line: Decodable {
    var defect: String
  }

  init(_ bench: Bench) { self.bench = bench }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  func run(_ specifications: [String]) throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let processor = Processor(
      memory: KeyMemory(), defects: try Defects(specifications), deduplicationWindow: 60_000, encoder: .binaryCopy,
      injected: try LineFile(folder + "/injected.ndjson"), rejected: try LineFile(folder + "/rejected.ndjson"))
    let encoders = bench.world.fleet.profiles.map { EventEncoder(profile: $0) }
    var buffer = ByteBuffer()
    for arrival in bench.arrivals {
      let device = bench.world.devices[arrival.device]
      buffer.removeAll()
      encoders[device.profile].encode(arrival.reading, of: device, into: &buffer)
      _ = buffer.withUnsafeBytes { processor.receive(topic: nil, $0, now: arrival.at * 1_000) }
    }
    bench.store.rows = rows(try processor.takeBatch().bytes)
    let text = try String(contentsOfFile: folder + "/injected.ndjson", encoding: .utf8)
    for line in text.split(separator: "\n") {
      harmed[try JSONDecoder().decode(Line.self, from: Data(line.utf8)).defect, default: 0] += 1
    }
  }

  /// Reads PostgreSQL's binary COPY: each row's number of fields, then each field's length and bytes.
  private func rows(_ bytes: [UInt8]) -> [TableRow] {
    var position = 0
    func integer(_ length: Int) -> Int64 {
      var bits: UInt64 = 0
      for byte in bytes[position..<(position + length)] { bits = bits << 8 | UInt64(byte) }
      position += length
      return Int64(bitPattern: bits << UInt64(64 - 8 * length)) >> Int64(64 - 8 * length)
    }
    var rows: [TableRow] = []
    let attributes = bench.world.fleet.pipeline.store?.attributes ?? []
    while position < bytes.count {
      var fields: [Range<Int>?] = []
      for _ in 0..<integer(2) {
        let length = Int(integer(4))
        fields.append(length < 0 ? nil : position..<(position + length))
        position += max(0, length)
      }
      func number(_ field: Int) -> Int64? {
        guard let range = fields[field] else { return nil }
        position = range.lowerBound
        return integer(8)
      }
      func text(_ field: Int) -> String? { fields[field].map { String(decoding: bytes[$0], as: UTF8.self) } }
      let end = position
      // Where PostgreSQL's timestamps begin.
      let epoch: Int64 = 946_684_800_000_000
      let row = TableRow(
        sensorID: text(4) ?? "", timestampMicroseconds: (number(0) ?? 0) + epoch,
        value: number(5).map { Double(bitPattern: UInt64(bitPattern: $0)) },
        attributes: attributes.map { text(Self.column($0.field)) }, ingestedAtMicroseconds: number(9).map { $0 + epoch })
      rows.append(row)
      position = end
    }
    return rows
  }

  /// The position in `RowEncoder.columns`.
  private static func column(_ field: AttributeMapping.Field) -> Int {
    switch field {
    case .siteID: 1
    case .deviceID: 2
    case .sensorType: 3
    case .unit: 6
    case .quality: 7
    }
  }
}
