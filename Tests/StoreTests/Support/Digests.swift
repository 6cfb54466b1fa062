import Store

/// One group of a digest, kept.
struct Group: Equatable, CustomStringConvertible {
  var count: Int64 = 0
  var first: Int64 = 0
  var second: Int64 = 0
  var description: String { "\(count) rows, \(first), \(second)" }
}

/// What the store computes, by sensor, constant attributes and bucket.
func storedDigests(
  _ table: ReadingsTable, _ window: TimeRange, _ buckets: DigestBuckets, _ keys: DigestKeys,
  _ identities: IdentityFilter = .everything, arrived: TimeRange? = nil
) throws -> [String: Group] {
  let query = try DigestQuery(window, buckets: buckets, keys: keys, identities, arrived: arrived, mapping: table.mapping)
  var groups: [String: Group] = [:]
  let connection = try table.engine.connect()
  try query.forEachRow(on: connection) { row in
    var key = [try row.sensorID ?? "NULL"]
    for index in 0..<row.attributeCount { key.append(try row.attribute(index) ?? "NULL") }
    key.append("\(row.bucket)")
    groups[key.joined(separator: "|")] = Group(count: row.count, first: row.first, second: row.second)
  }
  return groups
}

/// The same from the rows themselves, for tables that map site and quality.
func expectedDigests(
  _ rows: [TestRow], _ window: TimeRange, _ buckets: DigestBuckets, _ keys: DigestKeys, isQualityMapped: Bool = true
) -> [String: Group] {
  var groups: [String: Group] = [:]
  for row in rows where row.time >= window.from && row.time < window.to {
    let (first, second) = keys.terms(
      timestampMicroseconds: row.time, value: row.value ?? .nan,
      quality: isQualityMapped ? QualityCode.code(row.quality) : QualityCode.unmapped)
    let key = "\(row.sensor)|\(row.site)|\((row.time - buckets.origin) / buckets.length)"
    groups[key, default: Group()].count += 1
    groups[key, default: Group()].first += first
    groups[key, default: Group()].second += second
  }
  return groups
}
