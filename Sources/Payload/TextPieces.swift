/// Constant pieces of text in one piece of memory, each found by its number.
struct TextPieces: Sendable {
  private var storage: [UInt8] = []
  private var ends: [Int] = []

  /// The length of the longest piece.
  private(set) var longest = 0

  /// Adds a piece; its number is the number of pieces before it.
  mutating func add(_ text: String) {
    storage.append(contentsOf: text.utf8)
    ends.append(storage.count)
    longest = max(longest, text.utf8.count)
  }

  /// Adds a piece that is no text.
  mutating func add(bytes: [UInt8]) {
    storage.append(contentsOf: bytes)
    ends.append(storage.count)
    longest = max(longest, bytes.count)
  }

  /// In bytes.
  func length(_ piece: Int) -> Int { ends[piece] - (piece == 0 ? 0 : ends[piece - 1]) }

  /// How many there are.
  var count: Int { ends.count }

  func put(_ piece: Int, into cursor: inout ByteCursor) {
    let start = piece == 0 ? 0 : ends[piece - 1]
    let end = ends[piece]
    storage.withUnsafeBytes { cursor.put(UnsafeRawBufferPointer(rebasing: $0[start..<end])) }
  }
}
