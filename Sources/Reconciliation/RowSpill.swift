/// Fetched rows, put aside by device until all are there: the store may send them in the order that it likes best, and be asked for all of
/// them at once. Few stay in memory; many go to files.
final class RowSpill {
  /// Rows that belong together, by device: what one pass of judging holds in memory.
  let partitionCount: Int
  /// Rows put aside so far.
  private(set) var count: Int64 = 0
  private(set) var hasSpilled = false
  private var buffers: [[UInt8]]
  private var buffered = 0
  private let memoryLimit: Int
  private let folder: () throws -> SpillFolder

  /// - Parameters:
  ///   - memoryLimit: bytes that may stay in memory.
  ///   - folder: asked for when the limit is reached.
  init(partitionCount: Int, memoryLimit: Int, folder: @escaping () throws -> SpillFolder) {
    self.partitionCount = partitionCount
    self.memoryLimit = memoryLimit
    self.folder = folder
    buffers = Array(repeating: [], count: partitionCount)
  }

  func partition(ofDevice device: Int) -> Int { device % partitionCount }

  func add(_ record: RowRecord, _ texts: UnusualTexts?, toPartition partition: Int) throws {
    let before = buffers[partition].count
    RowCodec.append(record, texts, to: &buffers[partition])
    buffered += buffers[partition].count - before
    count += 1
    if buffered > memoryLimit { try flush() }
  }

  /// Moves everything to files.
  func flush() throws {
    let folder = try folder()
    hasSpilled = true
    for partition in buffers.indices where !buffers[partition].isEmpty {
      try buffers[partition].withUnsafeBytes { try folder.append($0, to: RowSpill.file(partition)) }
      buffers[partition] = []
    }
    buffered = 0
  }

  /// The rows of a partition, by sensor, place and timestamp.
  func load(_ partition: Int) throws -> PartitionRows {
    var rows = PartitionRows()
    if hasSpilled { try folder().read(RowSpill.file(partition)) { rows.take($0) } }
    buffers[partition].withUnsafeBytes { rows.take($0) }
    rows.sort()
    return rows
  }

  /// Says that an earlier process has put rows aside.
  func adopt(count: Int64) {
    self.count = count
    hasSpilled = true
  }

  private static func file(_ partition: Int) -> String { "rows-\(partition)" }
}

/// The rows of some devices, in the order in which they are judged.
struct PartitionRows {
  private(set) var rows: [RowRecord] = []
  private var texts: [UnusualTexts] = []

  fileprivate mutating func take(_ bytes: UnsafeRawBufferPointer) {
    rows.reserveCapacity(rows.count + bytes.count / RowCodec.size)
    RowCodec.decode(bytes, into: &rows, texts: &texts)
  }

  fileprivate mutating func sort() {
    rows.sort {
      if $0.sensor != $1.sensor { return $0.sensor < $1.sensor }
      if $0.place != $1.place { return $0.place.rawValue < $1.place.rawValue }
      if $0.timestampMicroseconds != $1.timestampMicroseconds { return $0.timestampMicroseconds < $1.timestampMicroseconds }
      // The order of rows is the store's; verdicts must not depend on it.
      if $0.value.bitPattern != $1.value.bitPattern { return $0.value.bitPattern < $1.value.bitPattern }
      if $0.message != $1.message { return $0.message < $1.message }
      return $0.arrival < $1.arrival
    }
  }

  /// The rows of a sensor that were fetched for one reason, by timestamp.
  func range(_ sensor: Int, _ place: RowRecord.Place) -> Range<Int> {
    firstIndex(sensor, place.rawValue)..<firstIndex(sensor, place.rawValue + 1)
  }

  private func firstIndex(_ sensor: Int, _ place: UInt8) -> Int {
    var low = 0
    var high = rows.count
    while low < high {
      let middle = (low + high) / 2
      let row = rows[middle]
      if Int(row.sensor) < sensor || (Int(row.sensor) == sensor && row.place.rawValue < place) { low = middle + 1 } else { high = middle }
    }
    return low
  }

  func texts(of row: RowRecord) -> UnusualTexts? { row.texts < 0 ? nil : texts[Int(row.texts)] }
}
