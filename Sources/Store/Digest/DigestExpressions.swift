/// The SQL of a digest, in the form that each engine runs fastest.
struct DigestExpressions {
  let mapping: TableMapping
  let source: RowSource
  let buckets: DigestBuckets
  let keys: DigestKeys

  func statement(where condition: String) -> String {
    switch mapping.dialect {
    case .postgreSQL: nested(condition)
    case .questDB: complete(flat(condition))
    }
  }

  private var names: [String] { ["sensor_id"] + mapping.constantAttributes.indices.map { "attribute_\($0)" } }
  private var texts: [String] { [source.key] + mapping.constantAttributes.map(\.expression) }
  private var namedTexts: String { zip(texts, names).map { "\($0) as \($1)" }.joined(separator: ", ") }

  /// A value that only a comparison with a tolerance can judge is left out: it counts as missing on both sides.
  private var fixed: String {
    let tolerance = mapping.store.tolerance
    guard tolerance.isDigestible else { return "\(FixedPoint.missing)" }
    return FixedPoint.expression(tolerance.expression(source.value, mapping.dialect))
  }

  /// QuestDB groups in parallel only over a plain scan, and computes what occurs twice once.
  private func flat(_ condition: String) -> String {
    let time = mapping.timestampMicroseconds
    let message = MessageCode.expression(source, mapping)
    let bucket = self.bucket(time)
    let first = residue(keys.first, .first, time: time, value: fixed, quality: mapping.quality, message: message)
    let second = residue(keys.second, .second, time: time, value: fixed, quality: mapping.quality, message: message)
    return """
      select \(namedTexts), \(bucket) as bucket, \(sums(first, second)) \
      from \(source.table) where \(condition) group by \(texts.joined(separator: ", ")), \(bucket)
      """
  }

  /// Names are put together once for each group, not for each row.
  private func complete(_ statement: String) -> String {
    guard !source.suffix.isEmpty else { return statement }
    // A sensor's name cannot hold a zero byte, the one thing that no literal can.
    let suffix = "'" + source.suffix.replacing("'", with: "''") + "'"
    let columns = (names.dropFirst() + ["bucket", "row_count", "d1", "d2"]).joined(separator: ", ")
    return "select concat(sensor_id, \(suffix)) as sensor_id, \(columns) from (\(statement)) as groups"
  }

  /// PostgreSQL computes every mention of an expression anew, and `extract` is slow: `offset 0` keeps it from merging the levels.
  private func nested(_ condition: String) -> String {
    let columns = names.joined(separator: ", ")
    let message = MessageCode.expression(source, mapping)
    let first = residue(keys.first, .first, time: "t", value: "v", quality: "q", message: message.map { _ in "i" })
    let second = residue(keys.second, .second, time: "t", value: "v", quality: "q", message: message.map { _ in "i" })
    let quality = mapping.quality ?? "'\(QualityCode.known[0].flag)'"
    let code = message.map { ", \($0) as i" } ?? ""
    return """
      select \(columns), bucket, \(sums("r1", "r2")) from (\
      select \(columns), \(bucket("t")) as bucket, \(first) as r1, \(second) as r2 from (\
      select \(namedTexts), \(mapping.timestampMicroseconds) as t, cast(\(fixed) as bigint) as v, \
      cast(\(quality) as text) as q\(code) from \(source.table) where \(condition) offset 0) as source_rows offset 0) as residues \
      group by \(columns), bucket
      """
  }

  private func bucket(_ time: String) -> String { "(\(time) - \(buckets.origin)) / \(buckets.length)" }

  private enum Number { case first, second }

  private func residue(
    _ lane: DigestKeys.Lane, _ number: Number, time: String, value: String, quality: String?, message: String?
  ) -> String {
    let modulus = number == .first ? DigestKeys.firstModuli.inner : DigestKeys.secondModuli.inner
    let messages = number == .first ? DigestKeys.messageModuli.first : DigestKeys.messageModuli.second
    let code = message.map { " + (\($0)) % \(messages) * \(lane.message)" } ?? ""
    let x = "((\(time) + \(lane.time)\(code)) % \(modulus))"
    let y = "(\(value) + \(QualityCode.expression(quality, times: lane.quality)) + \(lane.value)) % \(modulus)"
    return "((\(x) * \(x) % \(modulus)) * (\(y)) % \(modulus))"
  }

  private func sums(_ first: String, _ second: String) -> String {
    let dialect = mapping.dialect
    return "count(*) as row_count, \(dialect.sum(ofTerm: "\(first) * \(first) % \(DigestKeys.firstModuli.outer)")) as d1, "
      + "\(dialect.sum(ofTerm: "\(second) * \(second) % \(DigestKeys.secondModuli.outer)")) as d2"
  }
}
