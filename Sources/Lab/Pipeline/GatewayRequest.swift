/// One request as nginx passes it on by SCGI: a netstring of header fields, each name and value ended by a zero byte, and the body behind it.
///
/// Source: N. Schemenauer, "SCGI: A Simple Common Gateway Interface alternative", revision 2008-06-23.
struct GatewayRequest {
  private(set) var headers: [String: String] = [:]
  private(set) var body: Range<Int> = 0..<0

  enum Progress {
    case incomplete
    case complete(GatewayRequest)
    case malformed
  }

  /// No header of a request is larger.
  private static let largestHeader = 65_536

  static func read(_ bytes: [UInt8]) -> Progress {
    guard let colon = bytes.prefix(8).firstIndex(of: UInt8(ascii: ":")) else { return bytes.count < 8 ? .incomplete : .malformed }
    guard let length = Int(String(decoding: bytes[..<colon], as: UTF8.self)), length <= largestHeader else { return .malformed }
    let end = colon + 1 + length
    guard bytes.count > end else { return .incomplete }
    guard bytes[end] == UInt8(ascii: ",") else { return .malformed }
    var request = GatewayRequest()
    let fields = bytes[(colon + 1)..<end].split(separator: 0, omittingEmptySubsequences: false)
    for index in stride(from: 0, to: fields.count - 1, by: 2) {
      request.headers[String(decoding: fields[index], as: UTF8.self)] = String(decoding: fields[index + 1], as: UTF8.self)
    }
    guard let size = request.headers["CONTENT_LENGTH"].flatMap({ Int($0) }), size >= 0 else { return .malformed }
    guard bytes.count >= end + 1 + size else { return .incomplete }
    request.body = (end + 1)..<(end + 1 + size)
    return .complete(request)
  }
}
