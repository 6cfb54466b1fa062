/// Strays and missing readings that may belong together. By which shift can be told only when all are known, and there may be as many of
/// them as there are readings: so the first ones stay in memory, and the others wait in a file, device by device.
struct PendingPairs {
  /// The first ones; from them, what is common is seen.
  var first = Leftovers()
  /// Where each later device's are.
  var blocks: [Block] = []
  private let limit: Int
  private let folder: () throws -> SpillFolder
  private static let file = "pairs"

  struct Block: Codable {
    var offset: Int
    var strays: Int
    var missing: Int

    var length: Int {
      strays * MemoryLayout<Stray>.stride + missing * (MemoryLayout<Missing>.stride + MemoryLayout<MissingItem>.stride)
    }
  }

  /// - Parameter limit: strays and missing readings that may stay in memory.
  init(limit: Int, folder: @escaping () throws -> SpillFolder) {
    self.limit = limit
    self.folder = folder
  }

  mutating func add(_ device: Leftovers) throws {
    guard device.count > 0 else { return }
    guard blocks.isEmpty && first.count + device.count <= limit else {
      try write(device)
      return
    }
    first.append(device)
  }

  private mutating func write(_ device: Leftovers) throws {
    let folder = try folder()
    let offset = blocks.last.map { $0.offset + $0.length } ?? 0
    // Plain values without references: their bytes are all there is to them, and never leave this machine.
    try device.strays.withUnsafeBytes { try folder.append($0, to: Self.file) }
    try device.missing.withUnsafeBytes { try folder.append($0, to: Self.file) }
    try device.items.withUnsafeBytes { try folder.append($0, to: Self.file) }
    blocks.append(Block(offset: offset, strays: device.strays.count, missing: device.missing.count))
  }

  /// What a device has left over.
  func load(_ block: Block) throws -> Leftovers {
    try folder().read(Self.file, from: block.offset, count: block.length) { bytes in
      var left = Leftovers()
      var offset = 0
      left.strays = Self.take(block.strays, bytes, &offset)
      left.missing = Self.take(block.missing, bytes, &offset)
      left.items = Self.take(block.missing, bytes, &offset)
      return left
    }
  }

  private static func take<Element>(_ count: Int, _ bytes: UnsafeRawBufferPointer, _ offset: inout Int) -> [Element] {
    let stride = MemoryLayout<Element>.stride
    defer { offset += count * stride }
    guard count > 0, offset + count * stride <= bytes.count else { return [] }
    return [Element](unsafeUninitializedCapacity: count) { buffer, initialized in
      UnsafeMutableRawBufferPointer(buffer).copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[offset..<(offset + count * stride)]))
      initialized = count
    }
  }
}
