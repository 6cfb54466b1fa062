import Drawing
import World

/// Why a device does not measure or is not heard, in order of precedence: without power nothing else matters.
enum OutageKind: Int, Sendable, CaseIterable {
  case night, sitePower, devicePower, reboot, carrier, siteNetwork, deviceNetwork, flapping, link, certificate, planned

  /// Nil for what keeps nobody from measuring or from being heard.
  init?(_ event: PlannedEvent) {
    switch (event.fault, event.cause) {
    case (.powerLost, .night): self = .night
    case (.powerLost, .site), (.powerLost, .grid): self = .sitePower
    case (.powerLost, .brownOut), (.powerLost, .watchdog), (.powerLost, .rebootLoop), (.powerLost, .update): self = .reboot
    case (.powerLost, _): self = .devicePower
    case (.networkLost, .carrier): self = .carrier
    case (.networkLost, .site): self = .siteNetwork
    case (.networkLost, .flapping): self = .flapping
    case (.networkLost, .schedule): self = .planned
    case (.networkLost, _): self = .deviceNetwork
    case (.linkDead, _), (.acknowledgementsLost, _): self = .link
    case (.certificateExpired, _): self = .certificate
    default: return nil
    }
  }

  /// Whether the device measures all the same.
  var measures: Bool { rawValue >= OutageKind.carrier.rawValue }

  var name: String {
    switch self {
    case .night: "night shutdown"
    case .sitePower: "power, site"
    case .devicePower: "power, device"
    case .reboot: "reboot"
    case .carrier: "network, carrier"
    case .siteNetwork: "network, site"
    case .deviceNetwork: "network, device"
    case .flapping: "network, flapping"
    case .link: "link dead or deaf"
    case .certificate: "certificate"
    case .planned: "network, schedule"
    }
  }

  /// A fill of `Style`.
  var fill: String { "k\(rawValue)" }

  var hatch: Hatch {
    switch self {
    case .night, .devicePower: .solid
    case .sitePower, .certificate: .crossed
    case .reboot, .link: .dotted
    case .carrier: .level
    case .siteNetwork: .falling
    case .deviceNetwork: .rising
    case .flapping: .upright
    case .planned: .sparse
    }
  }
}
