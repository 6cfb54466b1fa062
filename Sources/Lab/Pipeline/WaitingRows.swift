import Foundation

/// Batches that a pipeline could not store before it ended, in a file for the next one.
enum WaitingRows {
  private struct Header: Codable {
    var rows: Int
    var firstIngested: Int64
    var lastIngested: Int64
    var size: Int
  }

  /// - Parameter mark: the writer's, when the first of these batches was tried.
  static func save(_ batches: [Batch], mark: Int64, to path: String) throws {
    let headers = batches.map {
      Header(rows: $0.rows, firstIngested: $0.firstIngested, lastIngested: $0.lastIngested, size: $0.bytes.count)
    }
    var bytes = Array(String(mark).utf8) + [0x0a] + Array(try JSONEncoder().encode(headers)) + [0x0a]
    for batch in batches { bytes += batch.bytes }
    let temporary = path + ".new"
    guard FileManager.default.createFile(atPath: temporary, contents: Data(bytes)), rename(temporary, path) == 0 else {
      throw LabError("\(path) cannot be written: \(batches.reduce(0) { $0 + $1.rows }) rows are lost")
    }
  }

  static func load(_ path: String) throws -> (batches: [Batch], mark: Int64)? {
    guard let data = FileManager.default.contents(atPath: path) else { return nil }
    let parts = data.split(separator: 0x0a, maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3, let mark = Int64(String(decoding: parts[0], as: UTF8.self)),
      let headers = try? JSONDecoder().decode([Header].self, from: parts[1]), headers.reduce(0, { $0 + $1.size }) == parts[2].count
    else { throw LabError("\(path) is damaged: remove it to go on without its rows") }
    var rest = parts[2]
    var batches: [Batch] = []
    for header in headers {
      let bytes = Array(rest.prefix(header.size))
      rest = rest.dropFirst(header.size)
      batches.append(Batch(bytes: bytes, rows: header.rows, firstIngested: header.firstIngested, lastIngested: header.lastIngested))
    }
    return (batches, mark)
  }
}
