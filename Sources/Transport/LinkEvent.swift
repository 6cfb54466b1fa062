import COpenSSL
import Firmware
import Glibc

/// Something that the network did, in the order in which it happened.
public struct LinkEvent: Sendable {
  public enum Kind: Sendable {
    case connected
    case acknowledged
    case lost
    /// The broker has answered a message with a failure; nothing more will happen to it.
    case rejected
    /// Somebody has sent the device a command.
    case command
    /// The transport itself has sent a message again that the firmware counts as sent.
    case sentAgain
  }
  public var kind: Kind
  public var device: Int32
  /// The message's number, for `acknowledged`, `rejected` and `sentAgain`.
  public var message: Int32
  /// Why, for `lost` and `rejected`.
  public var failure: LinkFailure
  /// What the device is to do, for `command`; nil when it does not understand.
  public var command: DeviceCommand? = nil
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
  /// CONNACK with this return code (MQTT 3.1.1) or reason code (MQTT 5).
  case refused(Int32)
  /// The broker's certificate was not accepted; an X509_V_ERR code.
  case certificate(Int)
  /// The TLS handshake failed for another reason.
  case handshake
  /// librdkafka's error and what it says about it.
  case kafka(Int32, String)
  /// The broker ended the TLS handshake with this alert.
  case alert(Int32)
  /// The device's own certificate or key is not there, or cannot be used.
  case ownCertificate(isMissing: Bool)
  /// The broker ended the connection with this reason code (MQTT 5).
  case ended(Int32)
  /// The broker answered a message with this reason code (MQTT 5).
  case rejected(Int32)
  /// The device left this broker to try the first one again.
  case movedBack
  /// Over HTTP.
  case http(HTTPFailure)

  public var description: String {
    switch self {
    case .none: "no failure"
    case .closed: "the connection was closed by the broker or the network"
    case .unreachable(let code):
      code == 0 ? "the broker cannot be reached; is it running?" : "the broker cannot be reached: \(String(cString: strerror(code)))"
    case .timedOut: "the broker did not answer CONNECT in time"
    case .refused(let code): MQTTReason.refusal(code)
    case .certificate(let code):
      "the broker's certificate was not accepted: \(String(cString: X509_verify_cert_error_string(code)))"
    case .http(let failure): failure.description
    case .handshake: "the TLS handshake failed: is a client certificate required, or is the port not a TLS port?"
    case .kafka(let code, let text): KafkaFailure.description(code, text)
    case .alert(let code): MQTTReason.alert(code)
    case .ownCertificate(let isMissing):
      isMissing
        ? "the device's own certificate or key cannot be read from the folder of device certificates"
        : "the device's own certificate and key cannot be used: they are no PEM files, or do not belong together"
    case .ended(let code): "the broker ended the connection: \(MQTTReason.words(code))"
    case .rejected(let code): "the broker rejected the message: \(MQTTReason.words(code))"
    case .movedBack: "the device went back to its first broker"
    }
  }
}

/// Whom a failed connection attempt concerns, and whether another attempt can help.
public enum LinkRefusal: Sendable, Equatable {
  /// Another attempt may succeed.
  case passing
  /// No attempt of this device will succeed until somebody changes its certificate, its password or the broker's rules.
  case device
  /// No attempt of any device will succeed until somebody changes the broker or the fleet file.
  case fleet
}

extension LinkFailure {
  /// How lasting the failure of an attempt is.
  public var refusal: LinkRefusal {
    switch self {
    case .certificate: .fleet
    // A password may be that of all devices, and still one device alone may be blocked: what all of them meet is seen when all have.
    case .refused(let code): MQTTReason.isLasting(code) ? (MQTTReason.concernsVersion(code) ? .fleet : .device) : .passing
    case .alert(let code): MQTTReason.isLastingAlert(code) ? .device : .passing
    case .ownCertificate: .device
    case .http(let failure): failure.refusal
    case .none, .closed, .unreachable, .timedOut, .handshake, .ended, .rejected, .movedBack, .kafka: .passing
    }
  }
}
