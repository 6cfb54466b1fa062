import Foundation
import Testing

@testable import Lab

/// What the pipeline makes of requests, before any server is there.
@Suite struct GatewayTests {
  private func split(_ text: String) -> [String]? {
    var elements: [String] = []
    let bytes = Array(text.utf8)
    let isArray = bytes.withUnsafeBytes { buffer in
      EventArray.split(buffer) { elements.append(String(decoding: $0, as: UTF8.self)) }
    }
    return isArray ? elements : nil
  }

  @Test func arraysFallIntoTheirElements() {
    #expect(split("[]") == [])
    #expect(split(" [ {\"a\":1} , {\"b\":[{\"c\":\"]}\"}]} ]\n") == ["{\"a\":1}", "{\"b\":[{\"c\":\"]}\"}]}"])
    #expect(split(#"[{"a":"\\"},{"b":"\"}"}]"#) == [#"{"a":"\\"}"#, #"{"b":"\"}"}"#])
    for broken in ["", "[", "{}", "[{\"a\":1]", "[{\"a\":1},]", "[{\"a\":1}] x", "[1]", "[{\"a\":\"}]"] {
      #expect(split(broken) == nil, "\(broken)")
    }
  }

  private func netstring(_ headers: [(String, String)], _ body: String) -> [UInt8] {
    let fields = headers.map { "\($0.0)\0\($0.1)\0" }.joined()
    return Array("\(fields.utf8.count):\(fields),\(body)".utf8)
  }

  /// A request may come in pieces of any size.
  @Test func requestsAreReadWholeOrNotAtAll() {
    let whole = netstring([("CONTENT_LENGTH", "5"), ("SCGI", "1"), ("HTTP_CONTENT_ENCODING", "")], "hello")
    for length in 0..<whole.count {
      guard case .incomplete = GatewayRequest.read(Array(whole[..<length])) else {
        Issue.record("\(length) bytes of \(whole.count) are no whole request")
        return
      }
    }
    guard case .complete(let request) = GatewayRequest.read(whole) else {
      Issue.record("the request is whole")
      return
    }
    #expect(String(decoding: whole[request.body], as: UTF8.self) == "hello")
    #expect(request.headers["SCGI"] == "1" && request.headers["HTTP_CONTENT_ENCODING"] == "")
    for broken in ["GET / HTTP/1.1", "12x:", "99999999:", "4:a\0b\0;", "0:,"] {
      guard case .malformed = GatewayRequest.read(Array(broken.utf8)) else {
        Issue.record("\(broken)")
        continue
      }
    }
  }
}
