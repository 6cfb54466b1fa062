import Foundation
import Reconciliation

/// `exceptions.ndjson`: one line for each reading or row whose verdict is not "stored".
final class ExceptionFile {
  private let path: String
  private var handle: FileHandle?
  private var buffer = Data()
  private var length: Int64 = 0

  init(path: String) { self.path = path }

  /// - Parameter length: bytes of an earlier process that are kept.
  func open(keeping length: Int64) throws {
    let part = path + ".part"
    guard length > 0 || FileManager.default.createFile(atPath: part, contents: nil), let handle = FileHandle(forUpdatingAtPath: part) else {
      throw CommandFailure(.usage, "cannot write \(path)")
    }
    try handle.truncate(atOffset: UInt64(length))
    try handle.seekToEnd()
    self.handle = handle
    self.length = length
  }

  func write(_ exception: Reconciliation.Exception) throws {
    let detail = String(decoding: try JSONEncoder().encode(exception.detail), as: UTF8.self)
    let line =
      "{\"verdict\":\"\(exception.verdict.rawValue)\",\"device_id\":\"\(exception.deviceID)\",\"sensor_id\":\"\(exception.sensorID)\","
      + "\"boot\":\(exception.boot),\"seq\":\(exception.seq),\"timestamp\":\(exception.timestamp),\"detail\":\(detail)}\n"
    buffer.append(contentsOf: line.utf8)
    if buffer.count > 1 << 16 { _ = try flush() }
  }

  /// Makes sure that everything is in the file, and returns its length.
  func flush() throws -> Int64 {
    try handle?.write(contentsOf: buffer)
    length += Int64(buffer.count)
    buffer.removeAll(keepingCapacity: true)
    return length
  }

  /// The file takes its name only when it is whole.
  func close() throws {
    _ = try flush()
    try handle?.close()
    guard rename(path + ".part", path) == 0 else { throw CommandFailure(.usage, "cannot write \(path)") }
  }
}
