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

  /// What is needed to go on with the same pairs, beside the files.
  struct Saved: Codable {
    var first: Block
    var blocks: [Block]
  }

  private static let firstFile = "pairs-first"

  /// Makes sure that the files hold everything.
  func save() throws -> Saved {
    let block = Block(offset: 0, strays: first.strays.count, missing: first.missing.count)
    if first.count > 0 {
      let folder = try folder()
      folder.remove([Self.firstFile])
      try Self.write(first, to: Self.firstFile, in: folder)
    }
    return Saved(first: block, blocks: blocks)
  }

  /// Takes over what an earlier process has saved.
  mutating func restore(_ saved: Saved) throws {
    first = try load(saved.first, from: Self.firstFile)
    blocks = saved.blocks
    // What was written after the state was saved is going to be written once more.
    try folder().cut(Self.file, to: blocks.last.map { $0.offset + $0.length } ?? 0)
  }

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
    try Self.write(device, to: Self.file, in: folder)
    blocks.append(Block(offset: offset, strays: device.strays.count, missing: device.missing.count))
  }

  private static func write(_ left: Leftovers, to file: String, in folder: SpillFolder) throws {
    try left.strays.withUnsafeBytes { try folder.append($0, to: file) }
    try left.missing.withUnsafeBytes { try folder.append($0, to: file) }
    try left.items.withUnsafeBytes { try folder.append($0, to: file) }
  }

  /// What a device has left over.
  func load(_ block: Block) throws -> Leftovers { try load(block, from: Self.file) }

  private func load(_ block: Block, from file: String) throws -> Leftovers {
    guard block.length > 0 else { return Leftovers() }
    return try folder().read(file, from: block.offset, count: block.length) { bytes in
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
