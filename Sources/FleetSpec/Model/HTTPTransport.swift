/// HTTP/1.1 or HTTP/2: readings are gathered into JSON arrays and posted.
public struct HTTPTransport: Sendable, Equatable {
  public enum Version: String, Sendable, CaseIterable {
    case one = "1.1"
    case two = "2"
  }

  public enum Compression: String, Sendable, CaseIterable {
    case none
    case gzip
  }

  public struct TLS: Sendable, Equatable {
    /// A PEM file of trusted certificate authorities; nil for the system's.
    public var authorityFile: String?
    /// A folder with `<device>.crt` and `<device>.key`; nil when devices show no certificate.
    public var deviceCertificates: String?
  }

  /// When and how often a request is sent again.
  public struct Retries: Sendable, Equatable {
    /// 1 or more, the first one included.
    public var attempts: Int
    /// The ceiling of the first wait, ms; it doubles with each attempt.
    public var backoffBase: Milliseconds
    /// The highest ceiling, ms.
    public var backoffMaximum: Milliseconds
    /// Statuses after which a request is worth another attempt.
    public var statuses: [Int]
  }

  public struct Header: Sendable, Equatable {
    public var name: String
    public var value: String
  }

  /// With scheme, host and path.
  public var url: String
  public var host: String
  /// 1...65535.
  public var port: Int
  /// Nil for plain HTTP.
  public var tls: TLS?
  /// The Bearer token.
  public var token: SecretReference?
  public var version: Version
  /// The most readings in a request, 1...1000.
  public var batch: Int
  /// How long a request waits for further readings, ms of the wall clock.
  public var batchDelay: Milliseconds
  public var compression: Compression
  /// How long a request may wait for its answer, ms of the wall clock.
  public var timeout: Milliseconds
  public var retries: Retries
  /// The most connections that the fleet has open at once.
  public var connections: Int
  public var headers: [Header]
}
