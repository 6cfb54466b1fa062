/// The SQL of a digest, in the form that each engine runs fastest.
struct DigestExpressions {
  let mapping: TableMapping
  let buckets: DigestBuckets
  let keys: DigestKeys

  func statement(where condition: String) -> String {
    switch mapping.dialect {
    case .postgreSQL: nested(condition)
    case .questDB: flat(condition)
    }
  }

  private var names: [String] { ["sensor_id"] + mapping.constantAttributes.indices.map { "attribute_\($0)" } }
  private var texts: [String] { [mapping.sensorID] + mapping.constantAttributes.map(\.expression) }
  private var namedTexts: String { zip(texts, names).map { "\($0) as \($1)" }.joined(separator: ", ") }

  /// QuestDB groups in parallel only over a plain scan, and computes what occurs twice once.
  private func flat(_ condition: String) -> String {
    let time = mapping.timestampMicroseconds
    let fixed = FixedPoint.expression(mapping.value)
    let bucket = self.bucket(time)
    let first = residue(keys.first, DigestKeys.firstModuli.inner, time: time, value: fixed, quality: mapping.quality)
    let second = residue(keys.second, DigestKeys.secondModuli.inner, time: time, value: fixed, quality: mapping.quality)
    return """
      select \(namedTexts), \(bucket) as bucket, \(sums(first, second)) \
      from \(mapping.table) where \(condition) group by \(texts.joined(separator: ", ")), \(bucket)
      """
  }

  /// PostgreSQL computes every mention of an expression anew, and `extract` is slow: `offset 0` keeps it from merging the levels.
  private func nested(_ condition: String) -> String {
    let columns = names.joined(separator: ", ")
    let first = residue(keys.first, DigestKeys.firstModuli.inner, time: "t", value: "v", quality: "q")
    let second = residue(keys.second, DigestKeys.secondModuli.inner, time: "t", value: "v", quality: "q")
    let quality = mapping.quality ?? "'\(QualityCode.known[0].flag)'"
    return """
      select \(columns), bucket, \(sums("r1", "r2")) from (\
      select \(columns), \(bucket("t")) as bucket, \(first) as r1, \(second) as r2 from (\
      select \(namedTexts), \(mapping.timestampMicroseconds) as t, \(FixedPoint.expression(mapping.value)) as v, \
      cast(\(quality) as text) as q from \(mapping.table) where \(condition) offset 0) as source_rows offset 0) as residues \
      group by \(columns), bucket
      """
  }

  private func bucket(_ time: String) -> String { "(\(time) - \(buckets.origin)) / \(buckets.length)" }

  private func residue(_ lane: DigestKeys.Lane, _ modulus: Int64, time: String, value: String, quality: String?) -> String {
    let x = "((\(time) + \(lane.time)) % \(modulus))"
    let y = "(\(value) + \(QualityCode.expression(quality, times: lane.quality)) + \(lane.value)) % \(modulus)"
    return "((\(x) * \(x) % \(modulus)) * (\(y)) % \(modulus))"
  }

  private func sums(_ first: String, _ second: String) -> String {
    let dialect = mapping.dialect
    return "count(*) as row_count, \(dialect.sum(ofTerm: "\(first) * \(first) % \(DigestKeys.firstModuli.outer)")) as d1, "
      + "\(dialect.sum(ofTerm: "\(second) * \(second) % \(DigestKeys.secondModuli.outer)")) as d2"
  }
}
