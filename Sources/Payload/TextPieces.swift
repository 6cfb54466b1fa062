/// Constant pieces of text in one piece of memory, each found by its number.
struct TextPieces: Sendable {
  private var storage: [UInt8] = []
  private var ranges: [(start: Int32, length: Int32)] = []

  /// The length of the longest piece.
  private(set) var longest = 0

  /// Adds a piece; its number is the number of pieces before it.
  mutating func add(_ text: String) {
    add(bytes: Array(text.utf8))
  }

  /// Adds a piece that is no text.
  mutating func add(bytes: [UInt8]) {
    ranges.append((Int32(storage.count), Int32(bytes.count)))
    storage.append(contentsOf: bytes)
    longest = max(longest, bytes.count)
  }

  /// In bytes.
  func length(_ piece: Int) -> Int { Int(ranges[piece].length) }

  /// How many there are.
  var count: Int { ranges.count }

  func put(_ piece: Int, into cursor: inout ByteCursor) {
    let range = ranges[piece]
    storage.withUnsafeBytes { bytes in
      guard let base = bytes.baseAddress else { return }
      cursor.put(UnsafeRawBufferPointer(start: base + Int(range.start), count: Int(range.length)))
    }
  }
}
