import COpenSSL

/// What the callbacks of the TLS library need to know, and what they find out. They say nothing of the device for which they are called: it
/// is the one that is being served, and is set before each call into the library.
final class Handshakes {
  /// What is wrong with a device's own certificate.
  enum OwnCertificate {
    case fit
    /// The file, or that of its key, is not there or may not be read.
    case missing
    /// It cannot be read as PEM, or the key is another one's.
    case unusable
  }

  /// Folder of `<device>.crt` and `<device>.key`, or nil when devices show none.
  let folder: String?
  private let deviceIDs: [String]
  /// The name that each broker's certificate must bear.
  private let serverNames: [String]
  private let areNames: [Bool]
  /// The newest TLS session of each device; empty when sessions are not resumed.
  private var sessions: [OpaquePointer?]
  private var device = 0
  private var broker = 0

  /// Why the broker's certificate was refused last: an X509_V_ERR code, or 0. The library may have freed the connection that would tell.
  var verification: Int32 = 0
  /// With which TLS alert the broker ended the handshake, or 0.
  var alert: Int32 = 0
  var ownCertificate = OwnCertificate.fit

  init(folder: String?, deviceIDs: [String], serverNames: [String], resumesSessions: Bool) {
    self.folder = folder
    self.deviceIDs = deviceIDs
    self.serverNames = serverNames
    areNames = serverNames.map { !HostAddress.isLiteral($0) }
    sessions = resumesSessions ? Array(repeating: nil, count: deviceIDs.count) : []
  }

  deinit { for session in sessions { SSL_SESSION_free(session) } }

  /// The library is about to be called for a device.
  func serve(_ device: Int, broker: Int) {
    self.device = device
    self.broker = broker
  }

  /// Forgets what was found out about an attempt before.
  func forget() {
    verification = 0
    alert = 0
    ownCertificate = .fit
  }

  var certificatePath: String? { folder.map { $0 + "/" + deviceIDs[device] } }

  /// The name or address that the certificate of the broker that is being called must bear.
  var serverName: String { serverNames[broker] }

  /// Whether that is a name.
  var isNamed: Bool { areNames[broker] }

  /// Whether the broker that is being called is not the one for which the context was made.
  var demandsName: Bool { broker > 0 }

  /// The session that the device may resume.
  var session: OpaquePointer? { sessions.isEmpty ? nil : sessions[device] }

  func keep(_ session: OpaquePointer) {
    guard !sessions.isEmpty else {
      SSL_SESSION_free(session)
      return
    }
    SSL_SESSION_free(sessions[device])
    sessions[device] = session
  }

  /// A device has lost its memory.
  func forgetSession(of device: Int) {
    guard !sessions.isEmpty else { return }
    SSL_SESSION_free(sessions[device])
    sessions[device] = nil
  }
}
