import FleetSpec

/// Smooth noise over time with random access: a sum of octaves of value noise (K. Perlin 1985, "An image synthesizer"; lattice of
/// normal draws, smoothstep interpolation).
///
/// The interpolation and the sum are normalised, so that the value at every instant is normally distributed with mean 0 and
/// standard deviation 1.
struct NoiseField: Sendable {
  private let stream: RandomStream
  private let octaves: Int
  private let firstFrequency: Double
  private let frequencyRatio: Double
  private let firstAmplitude: Double
  private let persistence: Double

  /// - Parameters:
  ///   - period: distance of the lattice points of the slowest octave, at least 1 ms.
  ///   - octaves: how many, 1...NoiseCache.octaves.
  ///   - ratio: how much faster each octave is than the one before.
  ///   - persistence: amplitude of an octave relative to the one before, in (0, 1).
  init(stream: RandomStream, period: Milliseconds, octaves: Int, ratio: Double = 4, persistence: Double = 0.6) {
    self.stream = stream
    precondition(octaves <= NoiseCache.octaves, "a noise field has at most \(NoiseCache.octaves) octaves")
    self.octaves = octaves
    firstFrequency = 1 / Double(period)
    frequencyRatio = ratio
    self.persistence = persistence
    var power = 0.0
    var amplitude = 1.0
    for _ in 0..<octaves {
      power += amplitude * amplitude
      amplitude *= persistence
    }
    firstAmplitude = 1 / power.squareRoot()
  }

  /// The noise at an instant: N(0, 1) over the seeds, continuous with a continuous derivative over time.
  /// - Parameter cache: used for this field alone; speeds up a series of instants and changes nothing else.
  func value(at time: Milliseconds, _ cache: inout NoiseCache) -> Double {
    var sum = 0.0
    var amplitude = firstAmplitude
    var frequency = firstFrequency
    for octave in 0..<octaves {
      // The shift keeps the lattice points of the octaves, where the slope is zero, from falling together.
      let position = Double(time) * frequency + 0.37 * Double(octave)
      let truncated = Int64(position)
      let cell = Double(truncated) > position ? truncated - 1 : truncated
      let fraction = position - Double(cell)
      let weight = fraction * fraction * (3 - 2 * fraction)
      let ends = cache.ends(octave: octave, cell: cell, stream: stream)
      let mixed = ends.before * (1 - weight) + ends.after * weight
      sum += amplitude * mixed / ((1 - weight) * (1 - weight) + weight * weight).squareRoot()
      amplitude *= persistence
      frequency *= frequencyRatio
    }
    return sum
  }
}
