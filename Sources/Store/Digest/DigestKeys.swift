/// The secret numbers of a run's digests. A fault that hides from one set of keys shows under another.
///
/// Each of two lanes turns a row (t, v, q) into a number below 2^31, and the digest of many rows is the sum over them:
///
///     x = (t + (i mod n) * d + a) mod p  t: microseconds since 1970, from 0 on, i: `MessageCode`, or 0 where none is mapped
///     y = (v + q * b + c) mod p          v: `FixedPoint`, q: `QualityCode`
///     r = ((x * x mod p) * y) mod p      sees every change and every swap between two rows
///     term = (r * r) mod m               and makes the sum non-linear in x and y
///
/// With x * y as the term, two rows lost and their neighbours stored twice would cancel out whenever the value is constant, since
/// 0 + 3 = 1 + 2; with its square, four rows would, since 0 + 3 + 5 + 6 = 1 + 2 + 4 + 7 holds for the squares too. p and m are primes
/// below 2^31, as are the n of both lanes, so every product fits in 62 bits. A change by a multiple of p hides from one lane, but not from the other.
@frozen public struct DigestKeys: Sendable, Equatable {
  /// One of the two independent digests.
  @frozen public struct Lane: Sendable, Equatable {
    /// a, below 2^31.
    public let time: Int64
    /// b, below 2^31.
    public let quality: Int64
    /// c, below 2^31.
    public let value: Int64
    /// d, below 2^31.
    public let message: Int64

    @usableFromInline init(time: Int64, quality: Int64, value: Int64, message: Int64) {
      self.time = time
      self.quality = quality
      self.value = value
      self.message = message
    }
  }
  public let first: Lane
  public let second: Lane

  /// p and m of the lanes; the five largest primes below 2^31 are 2147483647, ...629, ...587, ...579 and ...563.
  static let firstModuli = (inner: Int64(2_147_483_647), outer: Int64(2_147_483_629))
  static let secondModuli = (inner: Int64(2_147_483_629), outer: Int64(2_147_483_587))
  /// n of the lanes.
  static let messageModuli = (first: Int64(2_147_483_579), second: Int64(2_147_483_563))

  /// Draws the keys from a seed, with SplitMix64 (Steele, Lea and Flood 2014).
  public init(seed: UInt64) {
    var state = seed
    func draw() -> Int64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var mixed = state
      mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
      mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
      mixed ^= mixed >> 31
      return 1 + Int64(mixed % 2_147_483_562)
    }
    let numbers = (0..<8).map { _ in draw() }
    first = Lane(time: numbers[0], quality: numbers[1], value: numbers[2], message: numbers[6])
    second = Lane(time: numbers[3], quality: numbers[4], value: numbers[5], message: numbers[7])
  }

  /// What one row adds to the two digests; equal to what the SQL of `DigestQuery` computes.
  /// - Parameters:
  ///   - timestampMicroseconds: since 1970, not negative.
  ///   - value: NaN stands for NULL.
  ///   - quality: a `QualityCode`.
  ///   - message: a `MessageCode`, or 0 where neither number nor id is mapped.
  @inlinable public func terms(timestampMicroseconds: Int64, value: Double, quality: Int, message: Int64 = 0) -> (Int64, Int64) {
    let fixed = FixedPoint.code(value)
    let code = Int64(quality)
    let firstX = (timestampMicroseconds &+ message % 2_147_483_579 &* first.message &+ first.time) % 2_147_483_647
    let firstY = (fixed &+ code &* first.quality &+ first.value) % 2_147_483_647
    let firstR = (firstX &* firstX % 2_147_483_647) &* firstY % 2_147_483_647
    let secondX = (timestampMicroseconds &+ message % 2_147_483_563 &* second.message &+ second.time) % 2_147_483_629
    let secondY = (fixed &+ code &* second.quality &+ second.value) % 2_147_483_629
    let secondR = (secondX &* secondX % 2_147_483_629) &* secondY % 2_147_483_629
    return (firstR &* firstR % 2_147_483_629, secondR &* secondR % 2_147_483_587)
  }
}
