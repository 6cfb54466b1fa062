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
      case .device, .network: !devicesAreCalm && draw.chance(site.likelihood, 100 + site.number)
      case .broker, .pipeline, .store: !pipelineIsSound && draw.chance(site.likelihood, 100 + site.number)
      }
    }
  }

  public func has(_ site: FaultSite) -> Bool { sites.contains(site) }

  /// How often a site fires, 0...1, once it is on.
  func rate(_ site: FaultSite) -> Double { [0.01, 0.05, 0.2][Draw(seed: seed, topic: 1_000 + site.number).below(3, 0)] }

  /// Draws about a site.
  func draw(_ site: FaultSite) -> Draw { Draw(seed: seed, topic: 1_000 + site.number) }

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

extension FaultSite {
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
