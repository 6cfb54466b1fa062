import COpenSSL
import Glibc

/// Something that the network did, in the order in which it happened.
public struct LinkEvent: Sendable {
  public enum Kind: Sendable {
    case connected
    case acknowledged
    case lost
    /// The transport itself has sent a message again that the firmware counts as sent.
    case sentAgain
    /// The other side will never take this message.
    case refused
  }
  public var kind: Kind
  public var device: Int32
  /// The message's number, for `acknowledged`, `sentAgain` and `refused`.
  public var message: Int32
  /// Why, for `lost`.
  public var failure: LinkFailure
}

/// Why a connection could not be made or was lost.
public enum LinkFailure: Sendable, Equatable, CustomStringConvertible {
  case none
  /// The peer closed the connection or the network broke.
  case closed
  /// Nothing listens there, or the library could not start the attempt.
  case unreachable(Int32)
  /// No CONNACK within the connect time-out.
  case timedOut
  /// CONNACK with this MQTT 3.1.1 return code.
  case refused(Int32)
  /// The broker's certificate was not accepted; an X509_V_ERR code.
  case certificate(Int)
  /// The TLS handshake failed for another reason.
  case handshake
  /// Over HTTP.
  case http(HTTPFailure)

  public var description: String {
    switch self {
    case .none: "no failure"
    case .closed: "the connection was closed by the broker or the network"
    case .unreachable(let code):
      code == 0 ? "the broker cannot be reached; is it running?" : "the broker cannot be reached: \(String(cString: strerror(code)))"
    case .timedOut: "the broker did not answer CONNECT in time"
    case .refused(let code): Self.refusal(code)
    case .certificate(let code):
      "the broker's certificate was not accepted: \(String(cString: X509_verify_cert_error_string(code)))"
    case .http(let failure): failure.description
    case .handshake: "the TLS handshake failed: is a client certificate required, or is the port not a TLS port?"
    }
  }

  private static func refusal(_ code: Int32) -> String {
    switch code {
    case 1: "the broker refused the protocol version"
    case 2: "the broker refused the client identifier"
    case 3: "the broker is not available"
    case 4: "the broker refused the user name or password"
    case 5: "the broker refused this client as not authorised"
    default: "the broker refused the connection (code \(code))"
    }
  }
}
