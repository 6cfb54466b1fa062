import FleetSpec

/// What decides a run's digests beside its readings. Digests can be compared only when all of it is the same on both sides.
public struct DigestForm: Sendable, Equatable {
  /// Sets the keys.
  public var salt: UInt64
  public var grid: BucketGrid
  /// How a row becomes numbers: raised when that changes, and other for each set of compared columns that goes into them.
  public var terms: String

  public init(salt: UInt64, grid: BucketGrid, terms: String) {
    self.salt = salt
    self.grid = grid
    self.terms = terms
  }

  /// The form of the rows of a table.
  public static func terms(of store: StoreMapping) -> String {
    var parts = ["1"]
    if store.attributes.contains(where: { $0.field == .quality }) { parts.append("quality") }
    if store.identity.isNone { parts.append("nobody") }
    if store.identity.sequence != nil { parts.append("seq") }
    if store.identity.eventID != nil { parts.append("event_id") }
    if store.tolerance == .float32 { parts.append("float32") }
    if !store.tolerance.isDigestible { parts.append("without value") }
    if store.timestampUnit == .seconds { parts.append("seconds") }
    return parts.joined(separator: " ")
  }

  /// Facts of the ledger that tell the form.
  public var facts: [(key: String, value: String)] {
    [
      ("digest_terms", terms), ("digest_salt", String(salt)), ("digest_origin", String(grid.origin)),
      ("digest_bucket", String(grid.length)), ("digest_buckets", String(grid.count)),
    ]
  }

  /// The form that facts of a ledger tell, or nil when they tell none.
  public init?(_ fact: (String) throws -> String?) rethrows {
    guard let terms = try fact("digest_terms"), let salt = try fact("digest_salt").flatMap({ UInt64($0) }),
      let origin = try fact("digest_origin").flatMap({ Milliseconds($0) }),
      let length = try fact("digest_bucket").flatMap({ Milliseconds($0) }), length > 0,
      let count = try fact("digest_buckets").flatMap({ Int($0) }), count > 0
    else { return nil }
    self.init(salt: salt, grid: BucketGrid(origin: origin, length: length, count: count), terms: terms)
  }
}
