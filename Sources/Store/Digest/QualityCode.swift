/// A quality flag as a small number, the same in Swift and in SQL.
public enum QualityCode {
  /// The known flags and their codes.
  public static let known: [(flag: String, code: Int)] = [
    ("GOOD", 1), ("BAD", 2), ("UNCERTAIN", 3), ("OUT_OF_RANGE", 4), ("SENSOR_FAULT", 5),
  ]
  /// Stands for NULL.
  public static let missing = 98
  /// Stands for any other text.
  public static let unknown = 99
  /// Used for every row when the fleet file maps no quality.
  public static let unmapped = 1

  /// The code of a flag; nil stands for NULL.
  public static func code(_ flag: String?) -> Int {
    guard let flag else { return missing }
    return known.first { $0.flag == flag }?.code ?? unknown
  }

  /// The code times `factor`, in SQL: the products are written out.
  static func expression(_ quality: String?, times factor: Int64) -> String {
    guard let quality else { return String(Int64(unmapped) * factor) }
    let cases = known.map { "when \(quality) = '\($0.flag)' then \(Int64($0.code) * factor)" }.joined(separator: " ")
    return "case when \(quality) is null then \(Int64(missing) * factor) \(cases) else \(Int64(unknown) * factor) end"
  }
}
