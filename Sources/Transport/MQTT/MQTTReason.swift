import CMosquitto
import COpenSSL

/// Return codes of MQTT 3.1.1, reason codes of MQTT 5 and alerts of TLS, in words.
enum MQTTReason {
  /// A reason code of MQTT 5 (section 2.4), for example `quota exceeded`.
  static func words(_ code: Int32) -> String {
    let text = String(cString: mosquitto_reason_string(code))
    return "\(text.prefix(1).lowercased())\(text.dropFirst()) (0x\(String(code, radix: 16)))"
  }

  /// The code of a CONNACK: 1...5 in MQTT 3.1.1, from 128 on in MQTT 5.
  static func refusal(_ code: Int32) -> String {
    switch code {
    case 1, 0x84: "the broker refused the protocol version"
    case 2, 0x85: "the broker refused the client identifier"
    case 3, 0x88: "the broker is not available"
    case 4, 0x86: "the broker refused the user name or password"
    case 5, 0x87: "the broker refused this client as not authorised"
    default: code < 128 ? "the broker refused the connection (code \(code))" : "the broker refused the connection: \(words(code))"
    }
  }

  /// Whether another attempt with the same words gets the same answer. A broker that is busy, or moves its clients elsewhere, may answer
  /// otherwise later.
  static func isLasting(_ code: Int32) -> Bool {
    switch code {
    case 1, 2, 4, 5: true
    // Malformed, protocol error, version, identifier, password, not authorised, banned, method, topic name, packet size, QoS, retain.
    case 0x81, 0x82, 0x84, 0x85, 0x86, 0x87, 0x8A, 0x8C, 0x90, 0x95, 0x99, 0x9A, 0x9B: true
    default: false
    }
  }

  /// Whether a refusal is about what all devices of a fleet have in common.
  static func concernsVersion(_ code: Int32) -> Bool { code == 1 || code == 0x84 }

  /// What a broker found wrong with a device during the TLS handshake (RFC 8446, section 6.2).
  static func alert(_ code: Int32) -> String {
    switch code {
    case 116: "the broker asks for a client certificate, and the device has none"
    case 45: "the broker refused the device's certificate: it has expired"
    case 44: "the broker refused the device's certificate: it was revoked"
    case 48: "the broker refused the device's certificate: it does not know the authority that issued it"
    case 42, 43, 46: "the broker refused the device's certificate: \(phrase(code))"
    case 70: "the broker speaks no common version of TLS"
    default: "the broker ended the TLS handshake: \(phrase(code))"
    }
  }

  static func isLastingAlert(_ code: Int32) -> Bool {
    switch code {
    // Handshake failure is what TLS 1.2 says to a client without a certificate.
    case 40, 42, 43, 44, 45, 46, 48, 49, 70, 116: true
    default: false
    }
  }

  private static func phrase(_ code: Int32) -> String { String(cString: SSL_alert_desc_string_long(code)) }
}
