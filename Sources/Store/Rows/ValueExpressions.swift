import FleetSpec

extension ValueTolerance {
  /// Whether stored values can be brought to what was sent, so that digests vouch for them. What is wider has to be compared row by row.
  public var isDigestible: Bool {
    switch self {
    case .exact, .float32: true
    case .absolute(let limit, let decimals): limit < 0.5 / Self.power(decimals)
    case .relative: false
    }
  }

  /// Whether a stored value is near enough to what was sent. NULL never is.
  public func accepts(_ stored: Double?, for sent: Double) -> Bool {
    guard let stored else { return false }
    switch self {
    case .exact: return stored == sent
    case .float32:
      // A text that is read as a 32-bit number at once and one that is read as a 64-bit number first may differ in the last digit.
      let wanted = Float(sent)
      return stored == sent || abs(Float(stored) - wanted) <= wanted.ulp
    case .absolute(let limit, _): return abs(stored - sent) <= limit
    case .relative(let share): return abs(stored - sent) <= share * abs(sent)
    }
  }

  /// The value of a reading as `value(_:)` makes it of an honest row.
  public func normalised(_ sent: Double) -> Double {
    self == .float32 && Self.fits(sent) ? Double(Float(sent)) : sent
  }

  /// Beyond these bounds PostgreSQL refuses to convert instead of rounding.
  private static func fits(_ value: Double) -> Bool { abs(value) < 3.4e38 && (abs(value) > 1.2e-38 || value == 0) }

  private static func power(_ decimals: Int) -> Double { (0..<decimals).reduce(1.0) { power, _ in power * 10 } }

  /// A stored value in SQL, brought to what was sent where it is near enough to it.
  /// - Parameter value: an expression of type double.
  func expression(_ value: String, _ dialect: Dialect) -> String {
    switch self {
    case .exact, .relative: return value
    case .float32:
      if dialect == .questDB { return "cast(cast(\(value) as float) as double)" }
      return "case when abs(\(value)) < 3.4E38 and (abs(\(value)) > 1.2E-38 or \(value) = 0) "
        + "then cast(cast(\(value) as real) as double precision) else \(value) end"
    case .absolute(let limit, let decimals):
      guard isDigestible else { return value }
      let power = Self.power(decimals)
      // A quotient of two exact doubles is correctly rounded: the same double as the one that the reading's text stands for.
      let nearest = "floor(\(value) * \(power) + 0.5) / \(power)"
      return "case when abs(\(value)) < \(4e15 / power) and abs(\(value) - \(nearest)) <= \(limit) then \(nearest) else \(value) end"
    }
  }
}
