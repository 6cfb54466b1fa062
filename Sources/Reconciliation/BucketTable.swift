import FleetSpec
import Store

/// Expected minus found digests for each sensor and time bucket. 24 bytes a cell, however many readings
/// fall into it.
struct BucketTable {
  struct Cell: Equatable {
    var first: Int64 = 0
    var second: Int64 = 0
    var count: Int32 = 0
    /// Something else than a number was wrong, or the cell was picked as a sample.
    var isMarked = false
    /// The version of the firmware by whose constants the readings are compared, or `noVariant` before the first one. Readings of
    /// versions with other constants mark the cell.
    var variant = BucketTable.noVariant

    var agrees: Bool { first == 0 && second == 0 && count == 0 && !isMarked }
  }

  static let noVariant = UInt8.max

  let grid: BucketGrid
  let sensorCount: Int
  private var cells: [Cell]

  init(sensorCount: Int, grid: BucketGrid) {
    self.grid = grid
    self.sensorCount = sensorCount
    cells = [Cell](repeating: Cell(), count: sensorCount * grid.count)
  }

  var origin: Milliseconds { grid.origin }
  var bucket: Milliseconds { grid.length }
  var bucketCount: Int { grid.count }

  /// The first instant after all buckets.
  var end: Milliseconds { grid.end }

  /// The bucket of a timestamp, or nil when it lies outside.
  @inline(__always)
  func bucketIndex(_ timestamp: Milliseconds) -> Int? { grid.index(of: timestamp) }

  subscript(_ sensor: Int, _ bucket: Int) -> Cell {
    get { cells[sensor * bucketCount + bucket] }
    set { cells[sensor * bucketCount + bucket] = newValue }
  }

  @inline(__always)
  mutating func add(_ sensor: Int, _ bucket: Int, _ first: Int64, _ second: Int64, variant: UInt8) {
    let index = sensor * bucketCount + bucket
    if cells[index].variant != variant {
      if cells[index].variant == BucketTable.noVariant { cells[index].variant = variant } else { cells[index].isMarked = true }
    }
    cells[index].first += first
    cells[index].second += second
    cells[index].count += 1
  }

  mutating func subtract(_ sensor: Int, _ bucket: Int, count: Int64, first: Int64, second: Int64) {
    let index = sensor * bucketCount + bucket
    cells[index].first -= first
    cells[index].second -= second
    cells[index].count -= Int32(clamping: count)
  }

  mutating func mark(_ sensor: Int, _ bucket: Int) { cells[sensor * bucketCount + bucket].isMarked = true }

  /// Whether any bucket of a sensor disagrees.
  func disagrees(_ sensor: Int) -> Bool {
    cells[(sensor * bucketCount)..<((sensor + 1) * bucketCount)].contains { !$0.agrees }
  }

  /// Adds what many readings together give.
  mutating func add(_ sensor: Int, _ bucket: Int, count: Int32, first: Int64, second: Int64, variant: UInt8) {
    guard count > 0 else { return }
    let index = sensor * bucketCount + bucket
    if cells[index].variant != variant {
      if cells[index].variant == BucketTable.noVariant { cells[index].variant = variant } else { cells[index].isMarked = true }
    }
    cells[index].first += first
    cells[index].second += second
    cells[index].count += count
  }

  /// The sensors that disagree in each bucket, ascending.
  func disagreeingSensors() -> [[Int32]] {
    var sensors = [[Int32]](repeating: [], count: bucketCount)
    for sensor in 0..<sensorCount {
      for bucket in 0..<bucketCount where !cells[sensor * bucketCount + bucket].agrees { sensors[bucket].append(Int32(sensor)) }
    }
    return sensors
  }

  mutating func markAll() { for index in cells.indices { cells[index].isMarked = true } }

  /// How many cells are marked.
  var marked: Int { cells.reduce(0) { $0 + ($1.isMarked ? 1 : 0) } }

  /// How many cells disagree.
  var disagreeing: Int { cells.reduce(0) { $0 + ($1.agrees ? 0 : 1) } }

  /// Lends the bytes of all cells.
  func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result { try cells.withUnsafeBytes(body) }

  /// Takes the cells that `withBytes` has lent in an earlier process; false when they are not as many.
  mutating func restore(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard bytes.count == cells.count * MemoryLayout<Cell>.stride else { return false }
    cells.withUnsafeMutableBytes { $0.copyMemory(from: bytes) }
    return true
  }
}
