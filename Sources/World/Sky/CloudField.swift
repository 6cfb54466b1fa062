import FleetSpec

/// The density of clouds over a site: a random field over time, which is distance along the wind, and distance across it.
///
/// Four octaves of value noise on a lattice (K. Perlin, 1985, "An image synthesizer"), from whole cloud systems of 5 km down to the
/// shreds of an edge of 80 m; along the wind a structure is as long as it is wide when clouds move at 9 m/s. Clouds are fractal:
/// S. Lovejoy (1982), "Area-perimeter relation for rain and cloud areas", Science 216. The amplitudes are engineering judgement, chosen so
/// that irradiance ramps as `Clouds` says.
struct CloudField: Sendable {
  static let octaves = 4
  /// Amplitude of an octave relative to the one before.
  private static let persistence = 0.5
  /// Metres per second at which clouds are round.
  private static let roundSpeed = 9.0

  fileprivate struct Octave: Sendable {
    /// Per millisecond.
    var frequency = 0.0
    /// Per metre.
    var acrossFrequency = 0.0
    var amplitude = 0.0
    /// Index of the cache's cell for row 0.
    var middle = 0
    /// How many rows the site may touch on either side.
    var aside = 0
  }

  fileprivate struct Cell: Sendable {
    var number = Int64.min
    var before = 0.0
    var after = 0.0
  }

  /// The lattice draws that were used last, by octave and row; never changes a result.
  struct Cache: Sendable {
    fileprivate var cells: [Cell] = []
  }

  private let random: RandomEntity
  private var series = InlineArray<4, Octave>(repeating: Octave())
  private var cellCount = 0

  /// - Parameter extent: side of the square within which places are asked for, metres.
  init(extent: Double, random: RandomEntity) {
    self.random = random
    var period = 600_000.0
    var amplitude = 1.0
    var power = 0.0
    for index in series.indices {
      let width = period / 1000 * CloudField.roundSpeed
      // The corners of the square lie 0.71 of its side from the middle.
      let aside = Int((0.75 * extent / width).rounded(.up)) + 2
      series[index] = Octave(
        frequency: 1 / period, acrossFrequency: 1 / width, amplitude: amplitude, middle: cellCount + aside, aside: aside)
      cellCount += 2 * aside + 1
      power += amplitude * amplitude
      amplitude *= CloudField.persistence
      period /= 4
    }
    for index in series.indices { series[index].amplitude /= power.squareRoot() }
  }

  /// Makes room in a cache, so that nothing is allocated later on; a field does it itself when it has not been done.
  func prepare(_ cache: inout Cache) {
    if cache.cells.isEmpty { cache.cells = [Cell](repeating: Cell(), count: cellCount) }
  }

  /// Normally distributed with mean 0 and standard deviation 1 at every instant and place, and smooth in both.
  /// - Parameter across: metres across the wind from the middle of the site.
  func value(at time: Milliseconds, across: Double, _ cache: inout Cache) -> Double {
    prepare(&cache)
    var sum = 0.0
    for index in series.indices {
      let octave = series[index]
      // The shifts keep the lattice lines of the octaves, where slopes are zero, from falling together.
      let along = Double(time) * octave.frequency + 0.37 * Double(index)
      let cell = along.rounded(.down)
      let place = across * octave.acrossFrequency + 0.29 * Double(index)
      let row = place.rounded(.down)
      let next = Self.smoothstep(along - cell)
      let beside = Self.smoothstep(place - row)
      let first = mixed(octave, index, row: Int(row), cell: Int64(cell), next, &cache)
      let second = mixed(octave, index, row: Int(row) + 1, cell: Int64(cell), next, &cache)
      let variance = ((1 - next) * (1 - next) + next * next) * ((1 - beside) * (1 - beside) + beside * beside)
      sum += octave.amplitude * (first * (1 - beside) + second * beside) / variance.squareRoot()
    }
    return sum
  }

  /// A row of the lattice between two of its points.
  private func mixed(
    _ octave: Octave, _ index: Int, row: Int, cell: Int64, _ weight: Double, _ cache: inout Cache
  ) -> Double {
    let place = octave.middle + min(max(row, -octave.aside), octave.aside)
    let known = cache.cells[place]
    if known.number == cell { return known.before * (1 - weight) + known.after * weight }
    let draws = random.stream(StreamNumber.cloudRow(row))
    let position = UInt64(bitPattern: cell) &* 16 &+ UInt64(index)
    let before = known.number != .min && known.number + 1 == cell ? known.after : draws.normal(position)
    let after = draws.normal(position &+ 16)
    cache.cells[place] = Cell(number: cell, before: before, after: after)
    return before * (1 - weight) + after * weight
  }

  static func smoothstep(_ fraction: Double) -> Double {
    fraction * fraction * (3 - 2 * fraction)
  }
}
