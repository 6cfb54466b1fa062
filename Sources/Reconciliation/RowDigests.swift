import FleetSpec
import Store

/// The digests of rows that have been fetched, where the store cannot sum them up itself because they do not tell their sensor.
struct RowDigests {
  private struct Group: Hashable {
    var sensorID: String
    var constants: [String?]
    var bucket: Int
  }

  private let window: StoreWindow
  private let bucket: Milliseconds
  private let keys: DigestKeys
  private let isDigestible: Bool
  private let qualityPosition: Int?
  private var sums: [Group: (count: Int64, first: Int64, second: Int64)] = [:]

  init(window: StoreWindow, bucket: Milliseconds, keys: DigestKeys, store: StoreMapping) {
    self.window = window
    self.bucket = bucket
    self.keys = keys
    isDigestible = store.tolerance.isDigestible
    qualityPosition = store.attributes.firstIndex { $0.field == .quality }
  }

  mutating func add(_ row: TableRow) {
    var constants = row.attributes
    let quality = qualityPosition.map { QualityCode.code(constants.remove(at: $0)) } ?? QualityCode.unmapped
    let terms = keys.terms(
      timestampMicroseconds: row.timestampMicroseconds, value: isDigestible ? row.value ?? .nan : .nan, quality: quality,
      message: row.message)
    let group = Group(
      sensorID: row.sensorID, constants: constants,
      bucket: Int((row.timestampMicroseconds - window.from * 1_000) / (bucket * 1_000)))
    var sum = sums[group] ?? (0, 0, 0)
    sum.count += 1
    sum.first += terms.0
    sum.second += terms.1
    sums[group] = sum
  }

  /// One call for each sensor, combination of constants and bucket, in no particular order.
  func forEach(_ body: (BucketDigest) throws -> Void) throws {
    for (group, sum) in sums {
      try body(
        BucketDigest(
          sensorID: group.sensorID, constants: group.constants, bucket: group.bucket, count: sum.count, first: sum.first,
          second: sum.second))
    }
  }
}
