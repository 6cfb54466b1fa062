/// Everything that can go wrong with a device or around it, by name. A raw value never changes its meaning: ledgers and traces hold it.
public enum Fault: UInt8, Sendable, CaseIterable {
  // Power and network: the device does not measure, or does not reach anybody.
  case powerLost = 0
  case networkLost = 1

  // Sensors.
  case stuck = 2
  case spike = 3
  case dropout = 4
  case dying = 5
  case recalibrated = 6
  case unitSwapped = 7
  case saturated = 8

  // Clocks.
  case clockUnset = 9
  case clockFarFuture = 10
  case clockStepped = 11
  case wrongTimeZone = 12

  // Counters.
  case rolledOver = 13
  case midnightReset = 14
  case resetAtBoot = 15
  case zeroAfterBoot = 16

  // Plant and grid.
  case curtailed = 17
  case gridDisturbed = 18
  case tripped = 19
  case trackerStalled = 20
  case fuseBlown = 21
  case shaded = 22

  // Data.
  case malformed = 23

  // Firmware.
  case updated = 24
  case updateFailed = 25

  // Links.
  case linkDead = 27
  case acknowledgementsLost = 28
  case certificateExpired = 29

  /// The spelling in traces and timelines.
  public var label: String { staticLabel.description }

  /// The same as `label`, for code that copies bytes.
  public var staticLabel: StaticString {
    switch self {
    case .powerLost: "power_lost"
    case .networkLost: "network_lost"
    case .stuck: "stuck"
    case .spike: "spike"
    case .dropout: "dropout"
    case .dying: "dying"
    case .recalibrated: "recalibrated"
    case .unitSwapped: "unit_swapped"
    case .saturated: "saturated"
    case .clockUnset: "clock_unset"
    case .clockFarFuture: "clock_far_future"
    case .clockStepped: "clock_stepped"
    case .wrongTimeZone: "wrong_time_zone"
    case .rolledOver: "rolled_over"
    case .midnightReset: "midnight_reset"
    case .resetAtBoot: "reset_at_boot"
    case .zeroAfterBoot: "zero_after_boot"
    case .curtailed: "curtailed"
    case .gridDisturbed: "grid_disturbed"
    case .tripped: "tripped"
    case .trackerStalled: "tracker_stalled"
    case .fuseBlown: "fuse_blown"
    case .shaded: "shaded"
    case .malformed: "malformed"
    case .updated: "updated"
    case .updateFailed: "update_failed"
    case .linkDead: "link_dead"
    case .acknowledgementsLost: "acknowledgements_lost"
    case .certificateExpired: "certificate_expired"
    }
  }
}

/// The faults that show in one reading.
public struct FaultSet: OptionSet, Sendable, Hashable {
  public let rawValue: UInt32

  public init(rawValue: UInt32) { self.rawValue = rawValue }
  public init(_ fault: Fault) { rawValue = 1 << UInt32(fault.rawValue) }

  public mutating func insert(_ fault: Fault) { formUnion(FaultSet(fault)) }
  public func contains(_ fault: Fault) -> Bool { contains(FaultSet(fault)) }
}
