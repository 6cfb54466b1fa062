import FleetSpec
import World

/// What a virtual broker does wrong.
public struct VirtualBrokerFaults: Sendable, Equatable {
  /// A loss of the broker's process.
  public struct Crash: Sendable, Equatable {
    /// Simulated instant.
    public var at: Milliseconds
    /// For how long nobody can connect and nothing is delivered.
    public var downFor: Milliseconds
    /// Whether what had not been delivered is gone, acknowledged or not; a broker that keeps its log delivers it afterwards.
    public var forgets: Bool
    /// What was delivered during this time before the crash is delivered once more after it.
    public var replays: Milliseconds

    public init(at: Milliseconds, downFor: Milliseconds, forgets: Bool, replays: Milliseconds) {
      self.at = at
      self.downFor = downFor
      self.forgets = forgets
      self.replays = replays
    }
  }

  /// How long a message lies in the broker before it is delivered, ms.
  public var lag: ClosedRange<Milliseconds> = 1...20
  /// Chance that a message is delivered twice in a row.
  public var duplicates = 0.0
  /// Chance that a message is delivered once more after `redeliveryAfter`.
  public var redelivery = 0.0
  public var redeliveryAfter: ClosedRange<Milliseconds> = 1_000...30_000
  /// Chance that a message is delivered `delayBy` later than the others, and so out of order.
  public var delay = 0.0
  public var delayBy: ClosedRange<Milliseconds> = 1_000...30_000
  /// In order of time, and not overlapping.
  public var crashes: [Crash] = []

  public init() {}
}

/// A message broker on a virtual clock: what arrives is delivered to one consumer, later, perhaps more than once, perhaps never.
public final class VirtualBroker {
  /// Why a delivery is not the ordinary one.
  public enum Oddity: Sendable, Equatable {
    case none
    case duplicate
    case redelivery
    case delayed
    case replayed
  }

  /// Takes what is delivered.
  public var consume: ((VirtualMessage, Oddity, Milliseconds) -> Void)?
  /// Told of each message that a crash made the broker forget.
  public var forgot: ((VirtualMessage) -> Void)?
  /// The first instant at which the broker is up again; in the past when it is up.
  public private(set) var downUntil = Milliseconds.min

  private struct Pending {
    var message: VirtualMessage
    var oddity: Oddity
  }

  private let faults: VirtualBrokerFaults
  private let random: RandomStream
  private var draws: UInt64 = 0
  private var queue = EventQueue<Pending>()
  private var nextCrash = 0
  /// Ordinary deliveries keep their order.
  private var lastDelivery = Milliseconds.min
  /// What was delivered lately, while a crash may replay it.
  private var delivered: [(message: VirtualMessage, time: Milliseconds)] = []
  private let longestReplay: Milliseconds

  /// - Parameter seed: decides every draw.
  public init(_ faults: VirtualBrokerFaults, seed: UInt64) {
    self.faults = faults
    random = RandomStream(seed: seed, device: 2, stream: 700_000)
    longestReplay = faults.crashes.map(\.replays).max() ?? 0
  }

  /// When the broker does something by itself; `.max` for never.
  public var nextTime: Milliseconds { min(queue.nextTime, nextCrash < faults.crashes.count ? faults.crashes[nextCrash].at : .max) }

  private func chance(_ probability: Double) -> Bool {
    guard probability > 0 else { return false }
    draws += 1
    return random.uniform(draws) < probability
  }

  private func draw(_ range: ClosedRange<Milliseconds>) -> Milliseconds {
    draws += 1
    return range.lowerBound + Milliseconds(random.below(UInt64(range.upperBound - range.lowerBound + 1), draws))
  }

  /// Takes a message in; false when the broker is down.
  func receive(_ message: VirtualMessage, at now: Milliseconds) -> Bool {
    guard now >= downUntil else { return false }
    let time = max(now + draw(faults.lag), lastDelivery)
    if chance(faults.delay) {
      queue.add(Pending(message: message, oddity: .delayed), at: time + draw(faults.delayBy))
    } else {
      lastDelivery = time
      queue.add(Pending(message: message, oddity: .none), at: time)
      if chance(faults.duplicates) { queue.add(Pending(message: message, oddity: .duplicate), at: time) }
    }
    if chance(faults.redelivery) {
      queue.add(Pending(message: message, oddity: .redelivery), at: time + draw(faults.redeliveryAfter))
    }
    return true
  }

  /// Does what is due. True when the broker has just crashed: all its connections are gone.
  func step(at now: Milliseconds) -> Bool {
    if nextCrash < faults.crashes.count, faults.crashes[nextCrash].at <= now {
      crash(faults.crashes[nextCrash], now)
      nextCrash += 1
      return true
    }
    while queue.nextTime <= now, let pending = queue.removeFirst() {
      if longestReplay > 0 { delivered.append((pending.message, now)) }
      consume?(pending.message, pending.oddity, now)
    }
    return false
  }

  private func crash(_ crash: VirtualBrokerFaults.Crash, _ now: Milliseconds) {
    downUntil = now + crash.downFor
    let waiting = queue.removeAll { _ in true }
    for (message, time) in delivered where time >= now - crash.replays {
      queue.add(Pending(message: message, oddity: .replayed), at: downUntil)
    }
    delivered = []
    for pending in waiting {
      if crash.forgets { forgot?(pending.message) } else { queue.add(pending, at: downUntil) }
    }
    lastDelivery = max(lastDelivery, downUntil)
  }
}
