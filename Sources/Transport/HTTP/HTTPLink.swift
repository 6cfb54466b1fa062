import Firmware
import FleetSpec
import Glibc
import Payload
import Reactor
import World

/// A fleet over HTTP: encodes readings and hands them to the requests of their device, or of its gateway.
public final class HTTPLink: FleetLink {
  private let fleet: HTTPFleet
  public private(set) var published: Int64 = 0
  public private(set) var publishedBytes: Int64 = 0
  private let world: World
  /// By profile: a fleet has many devices and few kinds of them.
  private let codecs: [any Codec]
  private var payload = ByteBuffer()

  /// - Parameters:
  ///   - token: the Bearer token, if there is one.
  ///   - world: whose devices connect.
  /// - Throws: `HTTPLinkError` when the host is unknown or the TLS files cannot be used.
  public init(_ transport: HTTPTransport, token: String?, world: World, reactor: Reactor) throws {
    var configuration = HTTPConfiguration(transport, token: token)
    configuration.seed = world.fleet.seed
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    configuration.runKey = world.fleet.seed ^ UInt64(bitPattern: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
    let devices = world.devices.indices.map {
      HTTPDevice(id: world.devices[$0].id, wantsAnswers: world.profile(of: $0).connection.qos > 0)
    }
    fleet = try HTTPFleet(configuration: configuration, devices: devices, reactor: reactor)
    self.world = world
    codecs = world.fleet.profiles.map { Codecs.codec(of: $0) }
  }

  public var events: [LinkEvent] {
    _read { yield fleet.events }
    _modify { yield &fleet.events }
  }
  public var connectedCount: Int { fleet.connectedCount }
  public var isQuiet: Bool { fleet.isQuiet }
  public var now: Int64 {
    get { fleet.now }
    set { fleet.now = newValue }
  }
  public var refusal: LinkFailure? { fleet.refusal().map { .http($0) } }
  public func housekeeping() { fleet.housekeeping() }
  public func settle(within milliseconds: Int64) { fleet.settle(within: milliseconds) }

  public func connect(_ device: Int) { fleet.connect(device) }
  public func cut(_ device: Int) { fleet.cut(device) }
  public func loseSession(_ device: Int) { fleet.loseSession(device) }
  public func disconnect(_ device: Int) { fleet.disconnect(device) }
  public func flush(_ device: Int) { fleet.flush(device) }
  public func setFlow(_ flow: LinkFlow, of device: Int) {
    switch flow {
    case .open: fleet.setFlow(.open, of: device)
    case .outgoingOnly: fleet.setFlow(.outgoingOnly, of: device)
    case .none: fleet.setFlow(.none, of: device)
    }
  }

  public func publish(_ reading: Reading, of device: Int, copy: Int, over connection: Int) -> Int32 {
    guard fleet.takes(connection) else { return 0 }
    let identity = world.devices[device]
    payload.removeAll()
    codecs[identity.profile].encode(reading, of: identity, copy: copy, into: &payload)
    let message = payload.withUnsafeBytes {
      fleet.publish(connection, payload: $0, isAlone: reading.malformation.mustBeRefused)
    }
    if message > 0 {
      published += 1
      publishedBytes += Int64(payload.count)
    }
    return message
  }

  public var facts: [(key: String, value: String)] {
    let accounting = fleet.accounting
    var list: [(key: String, value: String)] = [
      ("http_requests", String(accounting.requests)), ("http_retries", String(accounting.retries)),
      ("http_timed_out", String(accounting.timedOut)), ("http_broken", String(accounting.broken)),
      ("http_refused_readings", String(accounting.refusedReadings)), ("http_body_bytes", String(accounting.bodyBytes)),
    ]
    if accounting.spokenVersion > 0 { list.append(("http_version", accounting.spokenVersion == 2 ? "2" : "1.1")) }
    for entry in accounting.statuses {
      list.append(("http_status_\(entry.status)", String(entry.requests)))
      list.append(("http_readings_\(entry.status)", String(entry.readings)))
    }
    for said in fleet.evidence { list.append(("http_said_\(said.status)", "to \(said.device): \(said.text)")) }
    return list
  }

  public var summary: [String] {
    let accounting = fleet.accounting
    guard accounting.requests > 0 else { return [] }
    var parts = accounting.statuses.map { "\(HTTPFailure.name($0.status)): \($0.requests) with \($0.readings) readings" }
    if accounting.timedOut > 0 { parts.append("\(accounting.timedOut) timed out") }
    if accounting.broken > 0 { parts.append("\(accounting.broken) broken off") }
    var lines = ["http        \(accounting.requests) requests, \(accounting.retries) of them again; " + parts.joined(separator: ", ")]
    for said in fleet.evidence where !said.text.isEmpty {
      lines.append("            \(HTTPFailure.name(said.status)) to \(said.device): \(said.text)")
    }
    return lines
  }
}

extension HTTPConfiguration {
  /// - Parameter token: the Bearer token, if there is one.
  public init(_ transport: HTTPTransport, token: String?) {
    self.init(
      url: transport.url, host: transport.host, port: transport.port,
      tls: transport.tls.map { TLS(authorityFile: $0.authorityFile, deviceCertificates: $0.deviceCertificates) })
    self.token = token
    switch transport.token {
    case .environment(let name): tokenPlace = "token from the environment variable \(name)"
    case .file(let path): tokenPlace = "token from the file \(path)"
    case nil: break
    }
    version = transport.version == .two ? .two : .one
    batch = transport.batch
    batchDelay = transport.batchDelay
    isPacked = transport.compression == .gzip
    timeout = transport.timeout
    retries = RetryPolicy(
      attempts: transport.retries.attempts, backoffBase: transport.retries.backoffBase,
      backoffMaximum: transport.retries.backoffMaximum, statuses: transport.retries.statuses)
    connections = transport.connections
    headers = transport.headers.map { ($0.name, $0.value) }
  }
}
