/// Consecutive readings of one device that fall into one bucket of time, summed up by sensor: one row of `digests`.
public struct DigestRun: Sendable, Equatable {
  /// What the readings of one sensor add up to.
  public struct Sum: Sendable, Equatable {
    public var count: Int32
    /// The sums of the digest's two lanes.
    public var first: Int64
    public var second: Int64
    public init(count: Int32 = 0, first: Int64 = 0, second: Int64 = 0) {
      self.count = count
      self.first = first
      self.second = second
    }
  }

  public var device: Int32
  public var firstSeq: Int64
  public var lastSeq: Int64
  /// The number of the bucket, from 0.
  public var bucket: Int32
  /// Index of the firmware version that measured them.
  public var version: UInt8
  /// How many of the readings are not in the sums, because a sum cannot vouch for them.
  public var leftOut: Int32
  /// By sensor of the device's profile, as `encode` writes it.
  public var sums: [UInt8]

  public init(device: Int32, firstSeq: Int64, lastSeq: Int64, bucket: Int32, version: UInt8, leftOut: Int32, sums: [UInt8]) {
    self.device = device
    self.firstSeq = firstSeq
    self.lastSeq = lastSeq
    self.bucket = bucket
    self.version = version
    self.leftOut = leftOut
    self.sums = sums
  }

  /// Three numbers for each sensor, in base 128 with the low digits first (LEB128).
  public static func encode(_ sums: ArraySlice<Sum>) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(sums.count * 13)
    for sum in sums {
      append(UInt64(sum.count), to: &bytes)
      append(UInt64(sum.first), to: &bytes)
      append(UInt64(sum.second), to: &bytes)
    }
    return bytes
  }

  private static func append(_ number: UInt64, to bytes: inout [UInt8]) {
    var rest = number
    while rest >= 128 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 128)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  /// The sums by sensor, or nil when the bytes are not those of so many sensors.
  public func decodedSums(sensorCount: Int) -> [Sum]? {
    var offset = 0
    func number() -> Int64? {
      var number: UInt64 = 0
      var shift: UInt64 = 0
      while offset < sums.count, shift < 63 {
        let byte = sums[offset]
        offset += 1
        number |= UInt64(byte & 127) << shift
        if byte < 128 { return Int64(number) }
        shift += 7
      }
      return nil
    }
    var decoded: [Sum] = []
    decoded.reserveCapacity(sensorCount)
    for _ in 0..<sensorCount {
      guard let count = number(), count <= Int32.max, let first = number(), let second = number() else { return nil }
      decoded.append(Sum(count: Int32(count), first: first, second: second))
    }
    return offset == sums.count ? decoded : nil
  }
}
