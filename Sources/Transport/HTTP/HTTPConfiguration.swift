import FleetSpec

/// How all devices of a fleet reach their server.
public struct HTTPConfiguration: Sendable {
  public enum Version: Sendable, Equatable {
    case one
    case two
  }
  public struct TLS: Sendable, Equatable {
    /// PEM file of trusted certificate authorities, or nil for the system's.
    public var authorityFile: String?
    /// Folder of `<device>.crt` and `<device>.key`, or nil.
    public var deviceCertificates: String?
    public init(authorityFile: String? = nil, deviceCertificates: String? = nil) {
      self.authorityFile = authorityFile
      self.deviceCertificates = deviceCertificates
    }
  }
  /// With scheme, host, port and path.
  public var url: String
  public var host: String
  public var port: Int
  /// Nil for plain HTTP.
  public var tls: TLS?
  /// The Bearer token.
  public var token: String?
  /// Where it came from, for messages: `token from the file ...`.
  public var tokenPlace = "request, which bore no token,"
  public var version = Version.one
  /// The most readings in a request; 1 or more.
  public var batch = 20
  /// How long a request waits for further readings, wall-clock ms; 0 sends what a step of the firmware has published.
  public var batchDelay: Milliseconds = 0
  public var isPacked = false
  /// From the start of a request to its answer, wall-clock ms.
  public var timeout: Milliseconds = 5_000
  public var retries = RetryPolicy(
    attempts: 5, backoffBase: 500, backoffMaximum: 30_000, statuses: [408, 425, 429, 500, 502, 503, 504])
  /// The most connections that are open at once, shared by all devices.
  public var connections = 64
  /// Further header fields, in the order in which they are sent.
  public var headers: [(name: String, value: String)] = []
  /// The fleet's seed; decides the jitter.
  public var seed: UInt64 = 0
  /// Different for each run, so that idempotency keys of two runs never meet.
  public var runKey: UInt64 = 0

  public init(url: String, host: String, port: Int, tls: TLS?) {
    self.url = url
    self.host = host
    self.port = port
    self.tls = tls
  }
}

/// One device as the server sees it.
public struct HTTPDevice: Sendable {
  /// Names the device's certificate.
  public var id: String
  /// False for firmware that does not care what becomes of a reading: nothing of it is ever sent again.
  public var wantsAnswers: Bool
  public init(id: String, wantsAnswers: Bool = true) {
    self.id = id
    self.wantsAnswers = wantsAnswers
  }
}
