import FleetSpec
import Transport
import World

/// One virtual run: everything about it follows from these four values.
///
/// What a site does once it is on is drawn by the seed and the site alone, so that leaving out another one changes nothing about it.
public struct Scenario: Sendable, Equatable {
  public var seed: UInt64
  /// How many devices, clones and second links aside; at least 1.
  public var devices: Int
  /// How long devices measure, minutes; at least 1.
  public var minutes: Int
  /// The sites that are on, in order.
  public var sites: [FaultSite]

  /// The most devices that a seed draws.
  static let mostDevices = 6

  public init(seed: UInt64, devices: Int, minutes: Int, sites: [FaultSite]) {
    self.seed = seed
    self.devices = devices
    self.minutes = minutes
    self.sites = sites
  }

  /// Draws a scenario: the number of devices and the sites that are on.
  public init(seed: UInt64, minutes: Int) {
    let draw = Draw(seed: seed, topic: 0)
    devices = 1 + draw.below(Scenario.mostDevices, 0)
    self.seed = seed
    self.minutes = minutes
    // Some pipelines are sound, some devices are calm: a defect must also be found when nothing else goes wrong.
    let devicesAreCalm = draw.chance(0.15, 1)
    let pipelineIsSound = draw.chance(0.15, 2)
    sites = FaultSite.allCases.filter { site in
      switch site.place {
      case .store where site.isLayout: false
      case .device, .network: !devicesAreCalm && draw.chance(site.likelihood, 100 + site.number)
      case .broker, .pipeline, .store: !pipelineIsSound && draw.chance(site.likelihood, 100 + site.number)
      }
    }
    sites += Scenario.layout(draw)
    // Clones bear the same ids, and are not told apart by them.
    if has(.eventIDs) { sites.removeAll { $0 == .clones } }
  }

  /// Half of the tables are plain: narrow, and telling when rows arrived. The others are of one of three kinds, or tell no arrivals, or both.
  private static func layout(_ draw: Draw) -> [FaultSite] {
    let kind = draw.uniform(3)
    let arrivals: [FaultSite] = draw.chance(0.2, 4) ? [.noArrivals] : []
    if kind < 0.15 { return arrivals + [.eventIDs] }
    if kind < 0.27 { return arrivals + [.wideTable] }
    return kind < 0.39 ? arrivals + [.anonymousTable] : arrivals
  }

  public func has(_ site: FaultSite) -> Bool { sites.contains(site) }

  /// How often a site fires, 0...1, once it is on.
  func rate(_ site: FaultSite) -> Double { [0.01, 0.05, 0.2][Draw(seed: seed, topic: 1_000 + site.number).below(3, 0)] }

  /// Draws about a site.
  func draw(_ site: FaultSite) -> Draw { Draw(seed: seed, topic: 1_000 + site.number) }

  public var tableKind: TableKind {
    if has(.anonymousTable) { return .anonymous }
    if has(.wideTable) { return .wide }
    return has(.eventIDs) ? .identified : .narrow
  }

  /// From which lateness on a pipeline with an early cut-off drops readings.
  var earlyCutoff: Milliseconds { [2_000, 5_000, 15_000][draw(.earlyCutoff).below(3, 1)] }

  /// In which way timestamps are misread, 0 to 4.
  var timeUnit: Int { draw(.timeUnit).below(5, 1) }

  /// In which way values are changed, 0 to 5.
  var valueHarm: Int { draw(.corruptedValue).below(6, 1) }

  /// The weather between devices and broker.
  var weather: VirtualWeather {
    VirtualWeather(
      loss: has(.loss) ? min(0.05, rate(.loss)) : 0,
      lostAcknowledgement: has(.lostAcknowledgements) ? min(0.05, rate(.lostAcknowledgements)) : 0,
      refusal: has(.refusal) ? 0.3 : 0)
  }

  /// What the broker does wrong.
  func brokerFaults(start: Milliseconds, duration: Milliseconds) -> VirtualBrokerFaults {
    var faults = VirtualBrokerFaults()
    if has(.brokerDuplicates) { faults.duplicates = rate(.brokerDuplicates) }
    if has(.brokerRedelivery) {
      faults.redelivery = rate(.brokerRedelivery)
      faults.redeliveryAfter = draw(.brokerRedelivery).chance(0.5, 1) ? 1_000...10_000 : 1_000...120_000
    }
    if has(.brokerDelay) { faults.delay = rate(.brokerDelay) }
    for site in [FaultSite.brokerCrash, .brokerAmnesia] where has(site) {
      let draw = draw(site)
      // The two sites crash in halves of the run of their own.
      let half = site == .brokerCrash ? 0.0 : 0.5
      faults.lag = 1...4_000
      faults.crashes.append(
        VirtualBrokerFaults.Crash(
          at: start + Milliseconds((half + 0.05 + 0.35 * draw.uniform(1)) * Double(duration)),
          downFor: Milliseconds(draw.below(10_000, 2)), forgets: site == .brokerAmnesia,
          replays: site == .brokerCrash ? Milliseconds(draw.below(60_000, 3)) : 0))
    }
    return faults
  }
}

/// What the rows of the virtual table tell.
public enum TableKind: String, Sendable, CaseIterable {
  /// Sensor and timestamp.
  case narrow
  /// The event id on top.
  case identified
  /// All sensors of a device at once.
  case wide
  /// Nothing of whose they are.
  case anonymous

  /// For people.
  var text: String {
    switch self {
    case .narrow: "narrow"
    case .identified: "with event ids"
    case .wide: "wide"
    case .anonymous: "that tell nobody's"
    }
  }
}

extension FaultSite {
  /// Whether it says what the table looks like, and no more.
  var isLayout: Bool { self == .noArrivals || self == .eventIDs || self == .wideTable || self == .anonymousTable }

  /// The probability that a seed switches the site on.
  var likelihood: Double {
    switch self {
    case .qosZero: 0.05
    case .killed, .clockTrouble, .reportFilter: 0.12
    case .contractCutoff: 0.3
    case .malformed, .acceptsMalformed, .clones, .secondLinks: 0.3
    case .upsert: 0.3
    case .slowStore, .brokerAmnesia, .dropBurst, .shortMemory: 0.15
    default: 0.2
    }
  }
}

/// Numbers of a seed about one topic, each by its index.
struct Draw: Sendable {
  private let random: RandomStream

  init(seed: UInt64, topic: UInt64) { random = RandomStream(seed: seed, device: 0x5052_4F56, stream: topic) }

  func uniform(_ index: UInt64) -> Double { random.uniform(index) }
  func chance(_ probability: Double, _ index: UInt64) -> Bool { random.uniform(index) < probability }
  func below(_ bound: Int, _ index: UInt64) -> Int { Int(random.below(UInt64(bound), index)) }
  func pick(_ choices: [String], _ index: UInt64) -> String { choices[below(choices.count, index)] }
}
