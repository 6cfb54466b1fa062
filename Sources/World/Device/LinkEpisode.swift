import FleetSpec

/// How a link can fail while it looks as if nothing were wrong.
public enum LinkTrouble: UInt8, Sendable, CaseIterable {
  /// The socket is open, and nothing gets out or in: a captive portal, a lost NAT entry, a modem that hangs.
  case dead = 0
  /// Messages arrive, and their acknowledgements do not come back.
  case acknowledgementsLost = 1
  /// The device's certificate has run out: what is open stays open, and no new connection is accepted.
  case certificateExpired = 2
}

/// One kind of trouble on one device's link, and when it comes next.
///
/// Dead and one-way links are renewal processes, as other outages are; no measured distribution was found (engineering judgement). A
/// certificate runs out once. For most devices there is none of them, so `World.linkEpisodes` gives a list that is usually empty.
public struct LinkEpisode: Sendable {
  public let trouble: LinkTrouble
  /// The episode that is on or comes next; `Outage.never` after the last.
  public private(set) var current: Outage
  private var process: OutageProcess?

  init(_ trouble: LinkTrouble, _ process: OutageProcess) {
    self.trouble = trouble
    self.process = process
    current = .never
    advance()
  }

  init(_ trouble: LinkTrouble, once outage: Outage) {
    self.trouble = trouble
    current = outage
  }

  /// Moves on to the next episode. Those that overlap or touch, because one of them was scheduled, are one.
  public mutating func advance() {
    guard var source = process, source.next.start < .max else {
      current = .never
      return
    }
    current = source.next
    source.advance()
    while source.next.start <= current.end && source.next.start < .max {
      current.end = max(current.end, source.next.end)
      source.advance()
    }
    process = source
  }

  // Streams of a device, in the range of delivery.
  static let deadGap: UInt64 = 65_552
  static let deadLength: UInt64 = 65_553
  static let acknowledgementGap: UInt64 = 65_554
  static let acknowledgementLength: UInt64 = 65_555
  static let certificateRenewal: UInt64 = 65_556
}

extension World {
  /// What goes wrong with a device's link, one entry for each kind of trouble that its profile asks for.
  /// - Parameter device: index in `devices`; one that speaks through a gateway has its gateway's link.
  public func linkEpisodes(device: Int) -> [LinkEpisode] {
    let owner = devices[device].gateway < 0 ? device : devices[device].gateway
    let profile = profiles[devices[owner].profile]
    let entity = RandomEntity(seed: fleet.seed, entity: devices[owner].linkEntity)
    var episodes: [LinkEpisode] = []
    if let plan = profile.plans.deadLink { episodes.append(LinkEpisode(.dead, OutageProcess(plan, of: entity))) }
    if let plan = profile.plans.acknowledgementsLost {
      episodes.append(LinkEpisode(.acknowledgementsLost, OutageProcess(plan, of: entity)))
    }
    if let expiry = profile.specification.connection.certificateExpiry {
      episodes.append(LinkEpisode(.certificateExpired, once: validityGap(expiry, entity)))
    }
    return episodes
  }

  private func validityGap(_ expiry: CertificateExpiry, _ device: RandomEntity) -> Outage {
    let begin =
      switch expiry.expires {
      case .after(let time): start + time
      case .at(let instant): max(start, instant)
      }
    guard let range = expiry.renewedAfter else { return Outage(start: begin, end: .max, cause: .certificate) }
    let share = device.stream(LinkEpisode.certificateRenewal).uniform(0)
    let delay = range.lower + Milliseconds(share * Double(range.upper - range.lower + 1))
    return Outage(start: begin, end: begin + max(1, delay), cause: .certificate)
  }
}
