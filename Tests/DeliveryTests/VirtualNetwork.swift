import Firmware
import FleetSpec
import Reactor
import World

/// A network and a broker on a virtual clock: latency, lost packets, connections that break. Behaves as libmosquitto does: what was
/// not acknowledged goes out again, in order, after the next connect.
final class VirtualNetwork: DeviceLink {
  struct Weather {
    /// Chance that a message breaks the connection before it arrives.
    var loss = 0.0
    /// Chance that a message arrives and its acknowledgement breaks the connection.
    var lostAcknowledgement = 0.0
    /// Chance that a connection attempt fails.
    var refusal = 0.0
  }
  private enum Event {
    case connected(Int)
    case lost(Int)
    case acknowledged(Int, Int32)
  }
  private struct Session {
    var isConnected = false
    var epoch = 0
    var waiting: [(message: Int32, device: Int, reading: Reading, copy: Int)] = []
    var nextMessage: Int32 = 1
    var flow = LinkFlow.open
    /// Acknowledgements that lie in a socket which is not read.
    var unread: [Int32] = []
  }

  let world: World
  let notebook = Notebook()
  private(set) var firmware: [DeviceFirmware]
  /// Every copy that reached the broker, in order of arrival.
  private(set) var arrivals: [(device: Int, seq: Int64, time: Milliseconds, sent: Milliseconds, copy: Int)] = []
  /// How often a client was thrown off because another one came with the same id.
  private(set) var takeovers = 0
  /// The other connections with the client id of each.
  private let rivals: [[Int]]
  /// Those that were just thrown off.
  private var shaken: [Int] = []
  private let weather: Weather
  private let random: RandomStream
  private var draws: UInt64 = 0
  private var sessions: [Session]
  private var queue: [(time: Milliseconds, order: Int, epoch: Int, device: Int, event: Event)] = []
  private var order = 0
  private var now: Milliseconds = 0
  /// Called with each device after each of its steps.
  var inspect: ((DeviceFirmware) -> Void)?

  init(world: World, weather: Weather = Weather()) {
    self.world = world
    self.weather = weather
    random = RandomStream(seed: world.fleet.seed, device: 1, stream: 700_000)
    let end = world.start + world.fleet.duration
    let workspace = world.workspace()
    let catalogue = FirmwareCatalogue(world: world, end: end)
    firmware = world.devices.indices.map { DeviceFirmware(catalogue, device: $0, workspace: workspace) }
    sessions = world.devices.map { _ in Session() }
    var byID: [String: [Int]] = [:]
    for device in world.devices.indices where world.devices[device].gateway < 0 {
      byID[world.clientID(of: device), default: []].append(device)
    }
    rivals = world.devices.indices.map { device in (byID[world.clientID(of: device)] ?? []).filter { $0 != device } }
  }

  /// Plays the fleet to the end of its drain time, or until nothing is left to send.
  func play() {
    let limit = world.start + world.fleet.duration + world.fleet.drain
    var due = DueQueue(count: firmware.count)
    for device in firmware.indices { due.set(device, to: world.start) }
    while true {
      guard let (nextDevice, wakeTime) = due.first else { break }
      let nextEvent = queue.indices.min { (queue[$0].time, queue[$0].order) < (queue[$1].time, queue[$1].order) }
      let eventTime = nextEvent.map { queue[$0].time } ?? .max
      now = min(wakeTime, eventTime)
      guard now < limit else { break }
      var device = nextDevice
      if eventTime <= wakeTime, let nextEvent {
        let item = queue.remove(at: nextEvent)
        device = item.device
        deliver(item.event, item.epoch)
      }
      due.set(device, to: max(firmware[device].wake(at: now, link: self, recorder: notebook), now + 1))
      for other in shaken { due.set(other, to: max(firmware[other].wake(at: now, link: self, recorder: notebook), now + 1)) }
      shaken = []
      inspect?(firmware[device])
    }
    now = limit
    for device in firmware.indices { firmware[device].finish(link: self, recorder: notebook) }
  }

  private func deliver(_ event: Event, _ epoch: Int) {
    switch event {
    case .connected(let device):
      guard sessions[device].epoch == epoch else { return }
      takeOver(from: rivals[device])
      sessions[device].isConnected = true
      firmware[device].linkConnected(at: now, recorder: notebook)
      for item in sessions[device].waiting { transmit(item.message, item.reading, of: item.device, item.copy, over: device) }
    case .lost(let device):
      guard sessions[device].epoch == epoch else { return }
      end(device)
      firmware[device].linkLost(at: now, recorder: notebook)
    case .acknowledged(let device, let message):
      guard sessions[device].epoch == epoch else { return }
      guard sessions[device].flow == .open else {
        sessions[device].unread.append(message)
        return
      }
      sessions[device].waiting.removeAll { $0.message == message }
      firmware[device].acknowledged(message: message, at: now, recorder: notebook)
    }
  }

  /// A broker lets only one client of an id stay: the one that came last.
  private func takeOver(from others: [Int]) {
    for other in others where sessions[other].isConnected {
      takeovers += 1
      end(other)
      firmware[other].linkLost(at: now, recorder: notebook)
      shaken.append(other)
    }
  }

  private func hasAcknowledgements(_ device: Int) -> Bool { world.profile(of: device).connection.qos > 0 }

  /// Whether nothing gets through a device's link, by plan, long before and after an instant.
  func isDead(_ device: Int, at time: Milliseconds) -> Bool {
    for var episode in world.linkEpisodes(device: device) where episode.trouble == .dead {
      while episode.current.end <= time { episode.advance() }
      // Firmware may be woken a millisecond late.
      if episode.current.start + 2 < time && episode.current.start < world.start + world.fleet.duration { return true }
    }
    return false
  }

  private func draw() -> Double {
    draws += 1
    return random.uniform(draws)
  }

  private func schedule(_ event: Event, _ device: Int, after delay: Milliseconds) {
    order += 1
    queue.append((now + delay, order, sessions[device].epoch, device, event))
  }

  private func transmit(_ message: Int32, _ reading: Reading, of source: Int, _ copy: Int, over device: Int) {
    let latency = 5 + Milliseconds(draw() * 80)
    if draw() < weather.loss {
      schedule(.lost(device), device, after: latency)
      return
    }
    arrivals.append((source, reading.seq, now + latency, now, copy))
    if draw() < weather.lostAcknowledgement {
      schedule(.lost(device), device, after: latency)
    } else if hasAcknowledgements(device) {
      schedule(.acknowledged(device, message), device, after: latency * 2)
    }
  }

  private func end(_ device: Int) {
    sessions[device].isConnected = false
    sessions[device].flow = .open
    sessions[device].unread = []
    sessions[device].epoch += 1
  }

  func connect(_ device: Int) { schedule(draw() < weather.refusal ? .lost(device) : .connected(device), device, after: 20) }

  func publish(_ reading: Reading, of source: Int, copy: Int, over device: Int) -> Int32 {
    guard sessions[device].isConnected else { return 0 }
    precondition(sessions[device].flow != .none, "nothing gets out of a dead link")
    let message = sessions[device].nextMessage
    sessions[device].nextMessage += 1
    if hasAcknowledgements(device) { sessions[device].waiting.append((message, source, reading, copy)) }
    transmit(message, reading, of: source, copy, over: device)
    return message
  }

  func cut(_ device: Int) { end(device) }

  func loseSession(_ device: Int) {
    end(device)
    sessions[device].waiting = []
  }

  func disconnect(_ device: Int) { end(device) }

  func setFlow(_ flow: LinkFlow, of device: Int) {
    guard sessions[device].isConnected else { return }
    sessions[device].flow = flow
    guard flow == .open else { return }
    for message in sessions[device].unread { schedule(.acknowledged(device, message), device, after: 1) }
    sessions[device].unread = []
  }
}
