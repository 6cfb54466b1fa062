/// The requests of all devices that are being gathered, wait, or are under way. Those that are done are used again.
struct HTTPRequestPool {
  struct Request {
    /// The numbers of its messages are first, first + 1, ...
    var first: Int32 = 0
    var count: Int32 = 0
    /// The next one of the same device, or -1.
    var next: Int32 = -1
    /// The device's requests are numbered; the idempotency key is made of it.
    var number: UInt32 = 0
    /// Failed attempts since the device last connected.
    var failures: Int32 = 0
    /// Nothing may be added any more.
    var isClosed = false
    /// The firmware has counted the transmission that comes next.
    var isCounted = true
    var wasSent = false
    var body = StableBytes()
  }

  private(set) var requests: [Request] = []
  private var free: [Int32] = []
  /// Memory that a request keeps for the next one; an oversized reading must not stay for ever.
  private static let keptBytes = 65_536

  subscript(index: Int32) -> Request {
    _read { yield requests[Int(index)] }
    _modify { yield &requests[Int(index)] }
  }

  mutating func take() -> Int32 {
    if let index = free.popLast() { return index }
    requests.append(Request())
    return Int32(requests.count - 1)
  }

  mutating func putBack(_ index: Int32) {
    let position = Int(index)
    var body = requests[position].body
    requests[position].body = StableBytes()
    if body.count > Self.keptBytes { body.release() } else { body.removeAll() }
    requests[position] = Request()
    requests[position].body = body
    free.append(index)
  }

  mutating func releaseAll() {
    for index in requests.indices { requests[index].body.release() }
    requests = []
    free = []
  }
}
