import FleetSpec

/// Expected minus found digests for each sensor and time bucket. 24 bytes a cell, however many readings fall into it.
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

  /// The most cells that are kept; 24 bytes each.
  static let maximumCells = 4_000_000

  static let noVariant = UInt8.max

  let origin: Milliseconds
  let bucket: Milliseconds
  let bucketCount: Int
  let sensorCount: Int
  private var cells: [Cell]

  /// - Parameters:
  ///   - from: the first instant covered, device time.
  ///   - to: the first instant not covered.
  ///   - expectedReadings: an estimate; buckets are sized to hold about 64 readings of a sensor.
  init(sensorCount: Int, from: Milliseconds, to: Milliseconds, expectedReadings: Int64) {
    let span = max(1, to - from)
    let wanted = max(1, expectedReadings / Int64(max(1, sensorCount)) / 64)
    let affordable = max(1, Int64(Self.maximumCells / max(1, sensorCount)))
    let buckets = min(wanted, affordable, span)
    origin = from
    bucket = (span + buckets - 1) / buckets
    bucketCount = Int((span + bucket - 1) / bucket)
    self.sensorCount = sensorCount
    cells = [Cell](repeating: Cell(), count: sensorCount * bucketCount)
  }

  /// The first instant after all buckets.
  var end: Milliseconds { origin + Int64(bucketCount) * bucket }

  /// The bucket of a timestamp, or nil when it lies outside.
  func bucketIndex(_ timestamp: Milliseconds) -> Int? {
    guard timestamp >= origin && timestamp < end else { return nil }
    return Int((timestamp - origin) / bucket)
  }

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

  /// The first and last bucket of a sensor that disagree, or nil.
  func disagreement(_ sensor: Int) -> ClosedRange<Int>? {
    let slice = cells[(sensor * bucketCount)..<((sensor + 1) * bucketCount)]
    guard let first = slice.firstIndex(where: { !$0.agrees }), let last = slice.lastIndex(where: { !$0.agrees }) else { return nil }
    return (first - slice.startIndex)...(last - slice.startIndex)
  }

  /// How many cells are marked.
  var marked: Int { cells.reduce(0) { $0 + ($1.isMarked ? 1 : 0) } }

  /// How many cells disagree.
  var disagreeing: Int { cells.reduce(0) { $0 + ($1.agrees ? 0 : 1) } }
}
