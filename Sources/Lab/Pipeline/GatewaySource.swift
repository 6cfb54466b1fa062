import CLinux
import Foundation

/// The pipeline's end of the HTTP front: takes the requests that nginx passes on over a Unix socket and answers each when its readings are
/// in the store, so that an answer is a promise (at least once).
///
/// 202 when at least one event of the array is sound or was known before; 400 when none is, or when the body is no array of objects.
///
/// It stands beside the pipeline's `PipelineSource`: nobody subscribes here, and each sender waits for an answer of its own.
final class GatewaySource {
  private struct Client {
    var descriptor: Int32
    var bytes: [UInt8] = []
    /// What is to be stored before the answer, and the answer; nil while the request is not complete.
    var pending: (rows: UInt64, answer: String)?
  }

  /// What became of a message on its way to the store.
  struct Receipt {
    /// False when it was malformed.
    var isAccepted: Bool
    /// The message is safe when so many rows of this process are in the store.
    var rows: UInt64
  }

  /// Set by the pipeline: takes one message.
  var receive: ((UnsafeRawBufferPointer) -> Receipt)?
  private let listener: Int32
  private let path: String
  private var clients: [Client] = []
  private var storedRows: UInt64 = 0

  init(socket path: String) throws {
    self.path = path
    unlink(path)
    listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let name = Array(path.utf8)
    guard listener >= 0, name.count < MemoryLayout.size(ofValue: address.sun_path) else {
      throw LabError("the socket \(path) cannot be made: \(listener < 0 ? Files.errorText() : "its path is too long")")
    }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: name) }
    let bound = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(listener, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) }
    }
    guard bound == 0, listen(listener, 512) == 0 else { throw LabError("the socket \(path) cannot be made: \(Files.errorText())") }
  }

  deinit {
    for client in clients { Glibc.close(client.descriptor) }
    Glibc.close(listener)
  }

  /// What to wait for.
  var descriptors: [Int32] { [listener] + clients.map(\.descriptor) }
  /// True while somebody waits for rows to be stored, so that a batch should not wait long for others.
  var isAwaited: Bool { clients.contains { $0.pending != nil } }

  /// Takes what has arrived.
  func work() {
    while true {
      let descriptor = accept(listener, nil, nil)
      guard descriptor >= 0 else { break }
      _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
      clients.append(Client(descriptor: descriptor))
    }
    var index = 0
    while index < clients.count {
      if read(index) { index += 1 } else { drop(index) }
    }
    answer()
  }

  /// So many rows of this process are in the store.
  func stored(_ rows: UInt64) {
    storedRows = rows
    answer()
  }

  /// No further request is taken; those that wait are not answered, and their senders do not know what became of them.
  func close() {
    unlink(path)
    answer()
  }

  private func drop(_ index: Int) {
    Glibc.close(clients[index].descriptor)
    clients.swapAt(index, clients.count - 1)
    clients.removeLast()
  }

  /// Takes what has arrived of a request. False when the connection is of no more use.
  private func read(_ index: Int) -> Bool {
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = recv(clients[index].descriptor, &chunk, chunk.count, 0)
      if count < 0 { return errno == EAGAIN || errno == EINTR }
      // Whoever goes away while the answer is due has given up waiting for it.
      if count == 0 { return false }
      guard clients[index].pending == nil else { continue }
      clients[index].bytes.append(contentsOf: chunk[..<count])
      switch GatewayRequest.read(clients[index].bytes) {
      case .incomplete: continue
      case .malformed: return false
      case .complete(let request):
        clients[index].pending = take(request, clients[index].bytes)
        clients[index].bytes = []
      }
    }
  }

  private func take(_ request: GatewayRequest, _ bytes: [UInt8]) -> (rows: UInt64, answer: String) {
    guard request.headers["HTTP_CONTENT_ENCODING"] == "gzip" else {
      return bytes.withUnsafeBytes { take(UnsafeRawBufferPointer(rebasing: $0[request.body])) }
    }
    let unpacked = bytes.withUnsafeBytes { Gunzip.unpack(UnsafeRawBufferPointer(rebasing: $0[request.body])) }
    guard let unpacked else { return (0, Self.answer("400 Bad Request", accepted: 0, rejected: 0, "the body is not gzip")) }
    return unpacked.withUnsafeBytes { take($0) }
  }

  private func take(_ body: UnsafeRawBufferPointer) -> (rows: UInt64, answer: String) {
    var (accepted, rejected) = (0, 0)
    var rows: UInt64 = 0
    let one: (UnsafeRawBufferPointer) -> Void = { event in
      guard let receipt = self.receive?(event) else { return }
      rows = max(rows, receipt.rows)
      if receipt.isAccepted { accepted += 1 } else { rejected += 1 }
    }
    // A single broken event breaks the array; it is rejected as if it had come alone, and the reason is written down.
    if !EventArray.split(body, one) { one(EventArray.inside(body)) }
    if accepted == 0 && rejected > 0 {
      return (rows, Self.answer("400 Bad Request", accepted: accepted, rejected: rejected, "no event of the body can be taken"))
    }
    return (rows, Self.answer("202 Accepted", accepted: accepted, rejected: rejected, nil))
  }

  private static func answer(_ status: String, accepted: Int, rejected: Int, _ error: String?) -> String {
    let reason = error.map { ",\"error\":\"\($0)\"" } ?? ""
    let body = "{\"accepted\":\(accepted),\"rejected\":\(rejected)\(reason)}\n"
    return "Status: \(status)\r\nContent-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
  }

  /// Answers those whose rows are stored.
  private func answer() {
    var index = 0
    while index < clients.count {
      guard let pending = clients[index].pending, pending.rows <= storedRows else {
        index += 1
        continue
      }
      // A few hundred bytes always fit into the socket's buffer.
      _ = Files.writeAll(clients[index].descriptor, Array(pending.answer.utf8))
      drop(index)
    }
  }
}
