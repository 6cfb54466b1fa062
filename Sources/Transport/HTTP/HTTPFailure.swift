import CCurl
import COpenSSL
import Glibc

/// Why a device's requests do not get through.
public enum HTTPFailure: Sendable, Equatable, CustomStringConvertible {
  /// The server refuses the credentials: status, and where the token came from.
  case unauthorised(Int, token: String)
  /// There is nothing at this address that takes readings: a redirection, or no such path or method.
  case wrongAddress(Int)
  /// The server will never take these readings.
  case refused(Int)
  /// The server could not take a request, as often as it was sent.
  case unavailable(Int)
  /// No answer in time, as often as the request was sent.
  case timedOut
  /// Nothing listens there; an errno, or 0.
  case unreachable(Int32)
  /// The connection ended before the answer came.
  case closed
  /// The server's certificate was not accepted; an X509_V_ERR code.
  case certificate(Int)
  /// The server's certificate is for another host.
  case wrongHost
  /// The TLS handshake failed for another reason.
  case handshake
  /// The device's own certificate or key cannot be used.
  case ownCertificate
  /// Another error of libcurl, by its number.
  case other(UInt32)

  public var description: String {
    switch self {
    case .unauthorised(let status, let token): "the server refused the \(token) with \(Self.name(status))"
    case .wrongAddress(let status):
      "the server answered \(Self.name(status)): the URL's host, path or scheme is not where it takes readings"
    case .refused(let status): "the server refused readings with \(Self.name(status))"
    case .unavailable(let status): "the server answered \(Self.name(status)) to every attempt"
    case .timedOut: "the server did not answer in time"
    case .unreachable(let code):
      code == 0 ? "the server cannot be reached; is it running?" : "the server cannot be reached: \(String(cString: strerror(code)))"
    case .closed: "the connection was closed by the server or the network"
    case .certificate(let code):
      "the server's certificate was not accepted: \(String(cString: X509_verify_cert_error_string(code)))"
    case .wrongHost: "the server's certificate was not accepted: it is for another host name than the URL's"
    case .handshake: "the TLS handshake failed: is a client certificate required, or is the port not a TLS port?"
    case .ownCertificate: "the device's own certificate or key cannot be read or do not belong together"
    case .other(let code): "libcurl: \(String(cString: curl_easy_strerror(CURLcode(rawValue: code))))"
    }
  }

  /// Whether trying again cannot help as long as nobody changes something.
  public var isRefusal: Bool {
    switch self {
    case .unauthorised, .wrongAddress: true
    default: false
    }
  }

  /// How lasting it is. What a server says of token and address is looked at over some time: see `HTTPFleet.refusal`.
  var refusal: LinkRefusal {
    switch self {
    case .certificate, .wrongHost: .fleet
    case .ownCertificate: .device
    default: .passing
    }
  }

  /// A status with its name where it is a usual one (RFC 9110).
  public static func name(_ status: Int) -> String {
    let names = [
      301: "Moved Permanently", 302: "Found", 307: "Temporary Redirect", 308: "Permanent Redirect", 400: "Bad Request", 401: "Unauthorized",
      403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed", 408: "Request Timeout", 413: "Content Too Large",
      415: "Unsupported Media Type", 422: "Unprocessable Content", 425: "Too Early", 429: "Too Many Requests",
      500: "Internal Server Error", 502: "Bad Gateway", 503: "Service Unavailable", 504: "Gateway Timeout",
    ]
    return names[status].map { "\(status) \($0)" } ?? "status \(status)"
  }

  /// What an error of a transfer means.
  /// - Parameter message: libcurl's own words.
  static func meaning(_ result: CURLcode, _ handle: UnsafeMutableRawPointer, message: UnsafePointer<CChar>) -> HTTPFailure {
    switch result {
    case CURLE_COULDNT_CONNECT:
      var code = 0
      curl_info_long(handle, CURLINFO_OS_ERRNO, &code)
      return .unreachable(Int32(code))
    case CURLE_OPERATION_TIMEDOUT: return .timedOut
    case CURLE_PEER_FAILED_VERIFICATION:
      var code = 0
      curl_info_long(handle, CURLINFO_SSL_VERIFYRESULT, &code)
      // For a name that does not match libcurl has words of its own, and OpenSSL no code.
      return code == 0 || strstr(message, "subject name") != nil ? .wrongHost : .certificate(code)
    case CURLE_SSL_CONNECT_ERROR: return .handshake
    case CURLE_SSL_CERTPROBLEM: return .ownCertificate
    // From TLS 1.3 on a client that is refused learns it when it reads.
    case CURLE_RECV_ERROR where strstr(message, "alert") != nil: return .handshake
    case CURLE_GOT_NOTHING, CURLE_RECV_ERROR, CURLE_SEND_ERROR, CURLE_PARTIAL_FILE, CURLE_HTTP2, CURLE_HTTP2_STREAM: return .closed
    default: return .other(result.rawValue)
    }
  }
}
