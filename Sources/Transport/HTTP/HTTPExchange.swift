import CCurl
import Glibc

/// One of the handles that requests take turns in using: it lives at a fixed address, because libcurl is given that.
struct HTTPExchange {
  /// The most of an answer that is kept.
  static let excerptLimit = 240
  private static let errorSize = Int(CURL_ERROR_SIZE)

  let handle: UnsafeMutableRawPointer
  /// Whose request this is; -1 while the handle is idle.
  var device: Int32 = -1
  /// Wall-clock milliseconds at which the request is given up.
  var deadline = Int64.max
  /// The beginning of the answer's body.
  var excerptCount = 0
  let excerpt: UnsafeMutablePointer<UInt8>
  let message: UnsafeMutablePointer<CChar>
  /// The one header field that differs between requests, and the list of all of them, which begins with it.
  let key: UnsafeMutablePointer<UInt8>
  let headers: UnsafeMutablePointer<curl_slist>

  /// - Parameter shared: the header fields of all requests.
  init?(shared: UnsafeMutablePointer<curl_slist>?) {
    guard let made = curl_easy_init() else { return nil }
    handle = made
    excerpt = .allocate(capacity: Self.excerptLimit)
    message = .allocate(capacity: Self.errorSize)
    message.initialize(repeating: 0, count: Self.errorSize)
    key = .allocate(capacity: IdempotencyKey.length + 1)
    key.initialize(repeating: 0, count: IdempotencyKey.length + 1)
    headers = .allocate(capacity: 1)
    let text = UnsafeMutableRawPointer(key).assumingMemoryBound(to: CChar.self)
    headers.initialize(to: curl_slist(data: text, next: shared))
  }

  func free() {
    curl_easy_cleanup(handle)
    excerpt.deallocate()
    message.deallocate()
    key.deallocate()
    headers.deallocate()
  }

  /// What the server said beside its status, on one line.
  var excerptText: String {
    let text = String(decoding: UnsafeBufferPointer(start: excerpt, count: excerptCount), as: UTF8.self)
    return text.split(whereSeparator: { $0.isNewline || $0 == "\t" }).joined(separator: " ")
  }

  /// Keeps the beginning of an answer. The context is the exchange itself.
  static let collect: curl_body_callback = { data, size, count, context in
    let total = size * count
    guard let context, let data else { return total }
    let exchange = context.assumingMemoryBound(to: HTTPExchange.self)
    let room = min(total, excerptLimit - exchange.pointee.excerptCount)
    if room > 0 {
      UnsafeMutableRawPointer(exchange.pointee.excerpt + exchange.pointee.excerptCount).copyMemory(from: data, byteCount: room)
      exchange.pointee.excerptCount += room
    }
    return total
  }
}
