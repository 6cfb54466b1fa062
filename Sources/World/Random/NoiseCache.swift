/// The lattice draws that a noise field used last: samples in quick succession fall between the same lattice points.
struct NoiseCache: Sendable {
  /// How many octaves a noise field may have.
  static let octaves = 4

  private struct Cell: Sendable {
    var number = Int64.min
    var before = 0.0
    var after = 0.0
  }

  private var cells = InlineArray<4, Cell>(repeating: Cell())

  /// The draws at the two ends of a cell of an octave.
  mutating func ends(octave: Int, cell: Int64, stream: RandomStream) -> (before: Double, after: Double) {
    let known = cells[octave]
    if known.number == cell { return (known.before, known.after) }
    let index = UInt64(bitPattern: cell) &* 16 &+ UInt64(octave)
    let before = known.number != .min && known.number + 1 == cell ? known.after : stream.normal(index)
    let after = stream.normal(index &+ 16)
    cells[octave] = Cell(number: cell, before: before, after: after)
    return (before, after)
  }
}
