import Firmware
import FleetSpec
import Reactor
import World

/// A network and a broker's front door on a virtual clock that skips from one event to the next: latency, lost packets, connections that
/// break. Behaves as libmosquitto does: what was not acknowledged goes out again, in order, after the next connect.
///
/// It also plays the real firmware of a whole fleet against itself. The same world, weather and broker give the same run.
public final class VirtualNetwork<Recorder: DeliveryRecorder>: DeviceLink {
  public typealias Weather = VirtualWeather
  private enum Event {
    case connected(Int, epoch: Int)
    case lost(Int, epoch: Int)
    case acknowledged(Int, Int32, epoch: Int)
    case arrived(VirtualMessage)
  }
  private struct Waiting {
    var message: Int32
    var device: Int
    var reading: Reading
    var copy: Int
  }
  private struct Session {
    var isConnected = false
    var epoch = 0
    var waiting: [Waiting] = []
    var nextMessage: Int32 = 1
    var flow = LinkFlow.open
    /// Acknowledgements that lie in a socket which is not read.
    var unread: [Int32] = []
  }

  public let world: World
  /// Is told what the firmware tells.
  public let recorder: Recorder
  /// The firmware of each device, by its index in `World.devices`.
  public private(set) var firmware: [DeviceFirmware]
  /// Every copy that reached the broker, in the order of sending.
  public private(set) var arrivals: [(device: Int, seq: Int64, time: Milliseconds, sent: Milliseconds, copy: Int)] = []
  /// How often a client was thrown off because another one came with the same id.
  public private(set) var takeovers = 0
  /// Called with each device after each of its steps.
  public var inspect: ((DeviceFirmware) -> Void)?
  /// Called for each transmission, also for those that never arrive.
  public var onTransmission: ((_ message: VirtualMessage, _ arrives: Bool) -> Void)?
  /// Called when an acknowledgement has come back to who sent the message.
  public var onAcknowledgement: ((_ device: Int, _ reading: Reading, _ time: Milliseconds) -> Void)?
  /// Called every `checkpointEvery` milliseconds of simulated time, when everything up to that instant has happened.
  public var onCheckpoint: ((_ time: Milliseconds) -> Void)?
  /// Called when the run is over, before the firmware tells what is left.
  public var onEnd: (() -> Void)?
  public var checkpointEvery: Milliseconds = 10_000

  /// The other connections with the client id of each.
  private let rivals: [[Int]]
  /// Those that were just thrown off.
  private var shaken: [Int] = []
  private let weather: VirtualWeather
  private let broker: VirtualBroker?
  private let random: RandomStream
  private var draws: UInt64 = 0
  private var sessions: [Session]
  private var queue = EventQueue<Event>()
  private var now: Milliseconds = 0

  /// - Parameters:
  ///   - weather: what goes wrong between device and broker.
  ///   - broker: takes what arrives; nil where it is enough that it does.
  ///   - recorder: is told what the firmware tells.
  public init(world: World, weather: VirtualWeather = VirtualWeather(), broker: VirtualBroker? = nil, recorder: Recorder) {
    self.world = world
    self.weather = weather
    self.broker = broker
    self.recorder = recorder
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
  /// - Parameter death: an instant at which heliograph itself dies: nobody is told anything of what happens from then on.
  /// - Returns: the instant at which the run ended.
  @discardableResult
  public func play(until death: Milliseconds = .max) -> Milliseconds {
    let limit = min(death, world.start + world.fleet.duration + world.fleet.drain)
    var due = DueQueue(count: firmware.count)
    for device in firmware.indices { due.set(device, to: world.start) }
    var checkpoint = world.start + checkpointEvery
    while true {
      let brokerTime = broker?.nextTime ?? .max
      now = min(due.first?.time ?? .max, queue.nextTime, brokerTime)
      while checkpoint <= min(now, limit) {
        onCheckpoint?(checkpoint - 1)
        checkpoint += checkpointEvery
      }
      guard now < limit else { break }
      if brokerTime == now {
        if broker?.step(at: now) == true { loseEverybody() }
      } else if queue.nextTime == now, let event = queue.removeFirst() {
        if let device = deliver(event) { wake(device, &due) }
      } else if let next = due.first {
        wake(next.entry, &due)
      }
      for other in shaken { wake(other, &due) }
      shaken = []
    }
    now = limit
    if limit < death {
      onEnd?()
      for device in firmware.indices { firmware[device].finish(link: self, recorder: recorder) }
    }
    settle()
    return limit
  }

  /// What is on the wire still arrives, and what has arrived is still delivered.
  private func settle() {
    while true {
      let brokerTime = broker?.nextTime ?? .max
      now = min(queue.nextTime, brokerTime)
      guard now < .max else { return }
      if brokerTime == now {
        _ = broker?.step(at: now)
      } else if case .arrived(let message)? = queue.removeFirst() {
        _ = broker?.receive(message, at: now)
      }
    }
  }

  private func wake(_ device: Int, _ due: inout DueQueue) {
    due.set(device, to: max(firmware[device].wake(at: now, link: self, recorder: recorder), now + 1))
    inspect?(firmware[device])
  }

  /// Returns whom it concerns.
  private func deliver(_ event: Event) -> Int? {
    switch event {
    case .connected(let device, let epoch):
      guard sessions[device].epoch == epoch else { return device }
      guard now >= broker?.downUntil ?? .min else {
        // The broker went down in the middle of the handshake.
        end(device)
        firmware[device].linkLost(at: now, recorder: recorder)
        return device
      }
      takeOver(from: rivals[device])
      sessions[device].isConnected = true
      firmware[device].linkConnected(at: now, recorder: recorder)
      for item in sessions[device].waiting { transmit(item.message, item.reading, of: item.device, item.copy, over: device) }
      return device
    case .lost(let device, let epoch):
      guard sessions[device].epoch == epoch else { return device }
      end(device)
      firmware[device].linkLost(at: now, recorder: recorder)
      return device
    case .acknowledged(let device, let message, let epoch):
      guard sessions[device].epoch == epoch else { return device }
      acknowledge(device, message)
      return device
    case .arrived(let message):
      _ = broker?.receive(message, at: now)
      return nil
    }
  }

  private func acknowledge(_ device: Int, _ message: Int32) {
    guard sessions[device].flow == .open else {
      sessions[device].unread.append(message)
      return
    }
    guard let index = sessions[device].waiting.firstIndex(where: { $0.message == message }) else { return }
    let item = sessions[device].waiting.remove(at: index)
    onAcknowledgement?(item.device, item.reading, now)
    firmware[device].acknowledged(message: message, at: now, recorder: recorder)
  }

  /// A broker lets only one client of an id stay: the one that came last.
  private func takeOver(from others: [Int]) {
    for other in others where sessions[other].isConnected {
      takeovers += 1
      lose(other)
    }
  }

  private func loseEverybody() {
    for device in sessions.indices where sessions[device].isConnected { lose(device) }
  }

  private func lose(_ device: Int) {
    end(device)
    firmware[device].linkLost(at: now, recorder: recorder)
    shaken.append(device)
  }

  private func hasAcknowledgements(_ device: Int) -> Bool { world.profile(of: device).connection.qos > 0 }

  /// Whether nothing gets through a device's link, by plan, long before and after an instant.
  public func isDead(_ device: Int, at time: Milliseconds) -> Bool {
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

  private func transmit(_ message: Int32, _ reading: Reading, of source: Int, _ copy: Int, over device: Int) {
    let latency = 5 + Milliseconds(draw() * 80)
    let epoch = sessions[device].epoch
    let transmission = VirtualMessage(
      device: source, connection: device, reading: reading, copy: copy, sent: now, arrived: now + latency)
    if draw() < weather.loss {
      onTransmission?(transmission, false)
      queue.add(.lost(device, epoch: epoch), at: now + latency)
      return
    }
    arrivals.append((source, reading.seq, now + latency, now, copy))
    onTransmission?(transmission, true)
    if broker != nil { queue.add(.arrived(transmission), at: now + latency) }
    if draw() < weather.lostAcknowledgement {
      queue.add(.lost(device, epoch: epoch), at: now + latency)
    } else if hasAcknowledgements(device) {
      queue.add(.acknowledged(device, message, epoch: epoch), at: now + latency * 2)
    }
  }

  private func end(_ device: Int) {
    sessions[device].isConnected = false
    sessions[device].flow = .open
    sessions[device].unread = []
    sessions[device].epoch += 1
  }

  public func connect(_ device: Int) {
    let epoch = sessions[device].epoch
    let isRefused = draw() < weather.refusal || now < broker?.downUntil ?? .min
    queue.add(isRefused ? .lost(device, epoch: epoch) : .connected(device, epoch: epoch), at: now + 20)
  }

  public func publish(_ reading: Reading, of source: Int, copy: Int, over device: Int) -> Int32 {
    guard sessions[device].isConnected else { return 0 }
    precondition(sessions[device].flow != .none, "nothing gets out of a dead link")
    let message = sessions[device].nextMessage
    sessions[device].nextMessage += 1
    if hasAcknowledgements(device) {
      sessions[device].waiting.append(Waiting(message: message, device: source, reading: reading, copy: copy))
    }
    transmit(message, reading, of: source, copy, over: device)
    return message
  }

  public func cut(_ device: Int) { end(device) }

  public func loseSession(_ device: Int) {
    end(device)
    sessions[device].waiting = []
  }

  public func disconnect(_ device: Int) { end(device) }

  public func setFlow(_ flow: LinkFlow, of device: Int) {
    guard sessions[device].isConnected else { return }
    sessions[device].flow = flow
    guard flow == .open else { return }
    let epoch = sessions[device].epoch
    for message in sessions[device].unread { queue.add(.acknowledged(device, message, epoch: epoch), at: now + 1) }
    sessions[device].unread = []
  }
}
