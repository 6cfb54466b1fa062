import CZlib

/// Packs bodies as `Content-Encoding: gzip`; one stream serves all of them.
final class GzipEncoder {
  private let stream: UnsafeMutablePointer<z_stream>

  init() throws {
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    // Level 1 packs telemetry to about a tenth, at a third of the cost of level 6.
    guard zlib_begin_gzip(stream, 1) == Z_OK else {
      stream.deallocate()
      throw HTTPLinkError("zlib has no memory")
    }
  }

  deinit {
    deflateEnd(stream)
    stream.deallocate()
  }

  /// Appends the packed form of `source`.
  func pack(_ source: StableBytes, into target: inout StableBytes) {
    deflateReset(stream)
    let room = Int(deflateBound(stream, UInt(source.count)))
    target.write(atMost: room) { memory in
      stream.pointee.next_in = source.base
      stream.pointee.avail_in = UInt32(source.count)
      stream.pointee.next_out = memory
      stream.pointee.avail_out = UInt32(room)
      // The room is the upper bound, so that one call does it.
      deflate(stream, Z_FINISH)
      return room - Int(stream.pointee.avail_out)
    }
  }
}
