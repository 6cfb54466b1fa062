import CZlib

/// Unpacks the bodies of requests.
enum Gunzip {
  /// Nil when the bytes are not gzip, or more than `limit` when unpacked.
  static func unpack(_ packed: UnsafeRawBufferPointer, limit: Int = 16 << 20) -> [UInt8]? {
    var stream = z_stream()
    guard zlib_begin_gunzip(&stream) == Z_OK else { return nil }
    defer { inflateEnd(&stream) }
    var plain: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    stream.next_in = UnsafeMutablePointer(mutating: packed.baseAddress?.assumingMemoryBound(to: UInt8.self))
    stream.avail_in = UInt32(packed.count)
    while true {
      let (result, written) = chunk.withUnsafeMutableBufferPointer { buffer -> (Int32, Int) in
        stream.next_out = buffer.baseAddress
        stream.avail_out = UInt32(buffer.count)
        let result = inflate(&stream, Z_NO_FLUSH)
        return (result, buffer.count - Int(stream.avail_out))
      }
      plain.append(contentsOf: chunk[..<written])
      guard plain.count <= limit else { return nil }
      if result == Z_STREAM_END { return stream.avail_in == 0 ? plain : nil }
      guard result == Z_OK, written > 0 || stream.avail_in > 0 else { return nil }
    }
  }
}
