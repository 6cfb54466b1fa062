import CCurl
import FleetSpec
import Glibc
import Reactor
import World

/// Thousands of HTTP clients on one event loop, which share a pool of kept-alive connections as the devices behind a gateway do.
///
/// A device gathers readings into requests and has one request under way at a time, so that its readings arrive in order. What was not
/// accepted stays with the device's session and goes out again, under the same idempotency key, until it is accepted or refused for good.
///
/// Nothing here calls back: what the network did is queued in `events`, and the owner takes it from there.
public final class HTTPFleet: CurlTransferOwner {
  enum State: UInt8 {
    case idle
    /// Waits until the server is known to be reachable, or until it may be asked again.
    case waiting
    case connected
  }

  struct Device {
    var state = State.idle
    var flow = Flow.open
    /// The exchange that carries the oldest request, or -1.
    var exchange: Int32 = -1
    /// The oldest and the newest request, or -1.
    var head: Int32 = -1
    var tail: Int32 = -1
    var nextMessage: Int32 = 1
    var nextRequest: UInt32 = 0
    /// Readings that are not accepted yet.
    var held: Int32 = 0
    /// Before this moment nothing may be sent.
    var notBefore: Int64 = 0
    /// When the first reading of the newest request came.
    var gatheredAt: Int64 = 0
    /// What is gathered need not wait for more.
    var isFlushed = false
    /// Waits in `line`.
    var isInLine = false
    /// An answer that lies in a socket which is not read.
    var unread: Answer?
  }

  /// How a request ended.
  enum Answer {
    case status(Int, retryAfter: Milliseconds)
    case failed(HTTPFailure)
  }

  /// What gets through.
  public enum Flow: UInt8, Sendable {
    case open
    /// Requests arrive; answers do not come back.
    case outgoingOnly
    case none
  }

  /// What happened since the owner last emptied this.
  public var events: [LinkEvent] = []
  /// Devices that may publish now.
  public internal(set) var connectedCount = 0
  /// True while no device waits to be connected.
  public var isQuiet: Bool { waitingCount == 0 }
  /// Requests under way.
  public internal(set) var underWay = 0
  /// Wall-clock milliseconds from any fixed origin; the owner keeps it current.
  public var now: Int64 = 0
  public internal(set) var accounting = HTTPAccounting()
  /// What servers said beside an error status, the first time for each status.
  public internal(set) var evidence: [HTTPEvidence] = []

  let configuration: HTTPConfiguration
  let settings: [HTTPDevice]
  let reactor: Reactor
  let multi: CurlMulti
  let gzip: GzipEncoder?
  let texts: HTTPTexts
  var packed = StableBytes()
  var devices: [Device]
  var pool = HTTPRequestPool()
  let exchanges: UnsafeMutablePointer<HTTPExchange>
  let exchangeLimit: Int
  var madeExchanges = 0
  var freeExchanges: [Int32] = []
  /// Devices that have something to send while all exchanges are in use.
  var line: [Int32] = []
  var lineHead = 0
  var waitingCount = 0
  let timer: LoopTimer
  var due: DueQueue
  var timerAt = Int64.max
  /// Whether the last that is known of the server is that it accepts connections.
  var isReachable = false
  /// Devices that want to know.
  var waiters: [Int32] = []
  var test: HTTPConnectionTest?
  var testDeadline = Int64.max
  var testedDevice = -1
  /// The first refusal of the credentials or the address since something was accepted, and when it came.
  var refusedBecause: HTTPFailure?
  var refusedSince: Int64 = 0
  let capacity: Int32
  var isClosing = false

  /// - Throws: `HTTPLinkError` when the host is unknown or the TLS files cannot be used.
  public init(configuration: HTTPConfiguration, devices settings: [HTTPDevice], reactor: Reactor) throws {
    guard let address = HostAddress.resolve(configuration.host) else {
      throw HTTPLinkError("the server's host name '\(configuration.host)' cannot be resolved")
    }
    if let file = configuration.tls?.authorityFile, access(file, R_OK) != 0 {
      throw HTTPLinkError("cannot read trusted certificates from \(file)")
    }
    self.configuration = configuration
    self.settings = settings
    self.reactor = reactor
    multi = try CurlMulti(connections: configuration.connections, on: reactor)
    gzip = configuration.isPacked ? try GzipEncoder() : nil
    texts = HTTPTexts(configuration, address: address)
    devices = [Device](repeating: Device(), count: settings.count)
    // Streams of HTTP/2 share connections: servers usually allow 100 or more of them.
    exchangeLimit = configuration.version == .two ? min(configuration.connections * 100, 10_000) : configuration.connections
    exchanges = .allocate(capacity: exchangeLimit)
    timer = try LoopTimer(on: reactor)
    due = DueQueue(count: settings.count)
    capacity = Int32(configuration.batch * 4)
    events.reserveCapacity(1_024)
    multi.owner = self
    timer.due = { [unowned self] in self.appointmentsCame() }
  }

  deinit {
    for index in 0..<madeExchanges {
      if exchanges[index].device >= 0 { multi.abandon(exchanges[index].handle) }
      exchanges[index].free()
    }
    exchanges.deallocate()
    test?.end(multi)
    pool.releaseAll()
    packed.release()
  }

  /// Why going on is of no use: since a while every request is refused for a reason that lies in the configuration.
  ///
  /// - Parameter patience: wall-clock milliseconds.
  public func refusal(after patience: Int64 = 5_000) -> HTTPFailure? {
    guard let refusedBecause, now - refusedSince >= patience else { return nil }
    return refusedBecause
  }

  /// Whether `publish` would take a reading now.
  public func takes(_ device: Int) -> Bool {
    devices[device].state == .connected && devices[device].held < capacity && !isClosing
  }

  /// Takes a reading into the device's newest request.
  /// - Parameters:
  ///   - payload: the event, which becomes an element of the request's JSON array.
  ///   - isAlone: whether the event is malformed and travels in a request of its own, so that it spoils no other one.
  /// - Returns: the message's number, above 0; or 0 when the device is not connected or has too much waiting.
  public func publish(_ device: Int, payload: UnsafeRawBufferPointer, isAlone: Bool) -> Int32 {
    guard takes(device) else { return 0 }
    let tail = devices[device].tail
    let fits = tail >= 0 && !pool[tail].isClosed && !isAlone
    let request = fits ? tail : append(device)
    let number = devices[device].nextMessage
    if pool[request].count == 0 {
      pool[request].first = number
      devices[device].gatheredAt = now
    } else {
      pool[request].body.append(UInt8(ascii: ","))
    }
    pool[request].body.append(payload)
    pool[request].count += 1
    devices[device].held += 1
    devices[device].nextMessage = number == .max ? 1 : number + 1
    // The numbers of a request are a row.
    if isAlone || pool[request].count >= configuration.batch || number == .max { pool[request].isClosed = true }
    if pool[request].isClosed {
      advance(device)
    } else if configuration.batchDelay > 0 && pool[request].count == 1 {
      remind(device, at: now + configuration.batchDelay)
    }
    return number
  }

  /// A step of the firmware is over: what it has published may go out.
  public func flush(_ device: Int) {
    guard configuration.batchDelay == 0, devices[device].head >= 0 else { return }
    devices[device].isFlushed = true
    advance(device)
  }

  /// Lets less or more through, until the connection is closed.
  public func setFlow(_ flow: Flow, of device: Int) {
    guard devices[device].state == .connected else { return }
    devices[device].flow = flow
    guard flow == .open else { return }
    if let answer = devices[device].unread {
      devices[device].unread = nil
      settle(device, answer)
    }
    advance(device)
  }

  /// Adds an empty request to a device's queue and closes the one before it.
  private func append(_ device: Int) -> Int32 {
    let request = pool.take()
    pool[request].number = devices[device].nextRequest
    devices[device].nextRequest &+= 1
    pool[request].body.append(UInt8(ascii: "["))
    let tail = devices[device].tail
    if tail >= 0 {
      pool[tail].isClosed = true
      pool[tail].next = request
    } else {
      devices[device].head = request
    }
    devices[device].tail = request
    return request
  }

  /// Sends what may be sent of a device.
  func advance(_ device: Int) {
    tryStart(device)
    multi.drive()
  }

  /// Looks after a device again at this moment.
  func remind(_ device: Int, at moment: Int64) {
    due.set(device, to: moment)
    guard moment < timerAt else { return }
    timerAt = moment
    timer.set(in: moment - now)
  }

  private func appointmentsCame() {
    timerAt = .max
    while let (device, moment) = due.first, moment <= now {
      due.set(device, to: .max)
      if devices[device].state == .waiting { admitOrWait(device) } else { tryStart(device) }
    }
    if let (_, moment) = due.first {
      timerAt = moment
      timer.set(in: moment - now)
    }
    multi.drive()
  }
}

/// What a server said beside an error status.
public struct HTTPEvidence: Sendable, Equatable {
  public var status: Int
  /// Whose request it was.
  public var device: String
  /// The beginning of the answer's body, without the token.
  public var text: String
}
