import Foundation

/// Fills the memory of a pipeline that starts from what earlier ones stored and harmed.
enum Recollection {
  private struct Line: Decodable {
    var defect: String
    var verdict: String
    var sensorId: String
    var timestamp: Int64
    var storedTimestampUs: Int64?
  }

  static func fill(_ memory: inout KeyMemory, from writer: inout some StoreWriter, injected path: String) throws {
    let lines = try read(path)
    // Rows that stand where no device put them say nothing about a reading there.
    var strays: [UInt64: [Int64]] = [:]
    for line in lines {
      let sensor = key(line).sensor
      if line.verdict == "phantom" { strays[sensor, default: []].append(line.timestamp * 1000) }
      if let stored = line.storedTimestampUs { strays[sensor, default: []].append(stored) }
    }
    var stored = KeyMemory()
    try writer.readKeys { sensorID, timestamp, ingested in
      let milliseconds = timestamp >= 0 ? timestamp / 1000 : (timestamp - 999) / 1000
      let key = ReadingKey(sensorID: sensorID, timestamp: milliseconds)
      if let index = strays[key.sensor]?.firstIndex(of: timestamp) {
        strays[key.sensor]?.remove(at: index)
        return
      }
      stored.set(key, .stored, arrival: max(ingested / 1000, stored[key]?.arrival ?? 0))
    }
    for line in lines where line.verdict != "phantom" {
      let fate: Fate = line.verdict == "lost" ? .lost : line.defect == DedupWindow.description.name ? .forgotten : .harmed
      stored.set(key(line), fate, arrival: stored[key(line)]?.arrival ?? 0)
    }
    memory = stored
  }

  private static func key(_ line: Line) -> ReadingKey {
    var text = line.sensorId
    return text.withUTF8 { ReadingKey(sensorID: UnsafeRawBufferPointer($0), timestamp: line.timestamp) }
  }

  private static func read(_ path: String) throws -> [Line] {
    guard let text = Files.text(path) else { return [] }
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    var lines: [Line] = []
    for (number, line) in text.split(separator: "\n").enumerated() {
      do {
        lines.append(try decoder.decode(Line.self, from: Data(line.utf8)))
      } catch {
        throw LabError("\(path):\(number + 1): this line cannot be read: \(error)")
      }
    }
    return lines
  }
}
