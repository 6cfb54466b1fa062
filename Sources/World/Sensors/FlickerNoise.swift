import FleetSpec

/// 1/f noise with random access: a sum of octaves that are equally strong, each constant for twice as long as the one before.
///
/// Source: the Voss algorithm (R. F. Voss, in M. Gardner 1978, "White and brown music, fractal curves and one-over-f fluctuations",
/// Scientific American 238 (4)), with a factor of 4 between the octaves to halve their number. Its power falls with 1/f from periods of 37
/// hours to 8 seconds, and is flat below and steeper beyond.
enum FlickerNoise {
  static let octaves = 8
  /// The shortest octave is constant for 2^13 ms.
  private static let firstShift = 13
  private static let norm = 1 / Double(octaves).squareRoot()

  /// N(0, 1) over devices at every instant.
  static func value(at time: Milliseconds, _ stream: RandomStream) -> Double {
    var sum = 0.0
    for octave in 0..<octaves {
      // The shift keeps the octaves from changing together.
      let cell = (time + Milliseconds(octave) &* 2_654_435_761) >> Milliseconds(firstShift + 2 * octave)
      sum += stream.normal(UInt64(bitPattern: cell) &* 16 &+ UInt64(octave))
    }
    return sum * norm
  }
}
