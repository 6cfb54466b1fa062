import FleetSpec
import Glibc
import World

/// A profile prepared for the hot path, and the end of measurement.
final class FirmwareSettings: Sendable {
  let profile: FirmwareProfile
  let end: Milliseconds
  /// Milliseconds between two readings of a backlog; 0 for no limit.
  let replaySpacing: Milliseconds
  /// Whether unacknowledged messages stay with the MQTT session when power is lost.
  let keepsSession: Bool

  init(profile: FirmwareProfile, end: Milliseconds) {
    self.profile = profile
    self.end = end
    replaySpacing = profile.buffer.replayRate > 0 ? Milliseconds((1_000 / profile.buffer.replayRate).rounded(.up)) : 0
    keepsSession = profile.connection.session == .persistent && profile.buffer.persistent
  }
}

/// The firmware of all profiles of a fleet, made once for all its devices.
public struct FirmwareCatalogue: Sendable {
  private let settings: [FirmwareSettings]
  let world: World

  /// - Parameter end: the instant at which devices stop measuring.
  public init(world: World, end: Milliseconds) {
    self.world = world
    settings = world.fleet.profiles.map { FirmwareSettings(profile: $0, end: end) }
  }

  func settings(of device: Int) -> FirmwareSettings { settings[world.devices[device].profile] }
}

/// The draws that concern a reading: by its number, so that they do not depend on what the network did before.
struct ReadingDice {
  private let device: RandomEntity

  // Numbers from 65,536 on are Firmware's; World uses lower ones.
  private static let late: UInt64 = 65_536
  private static let lateBy: UInt64 = 65_537
  private static let repeats: UInt64 = 65_538
  private static let repeatAfter: UInt64 = 65_539
  private static let cuts: UInt64 = 65_540
  private static let latency: UInt64 = 65_558
  private static let newID: UInt64 = 65_610
  private static let newIDAfter: UInt64 = 65_611
  private static let radio: UInt64 = 65_612

  init(seed: UInt64, device: DeviceIdentity) { self.device = RandomEntity(seed: seed, entity: device.linkEntity) }

  /// How long a reading is held back, or nil when it is not.
  func lateness(of seq: Int64, faults: DeviceFaults) -> Milliseconds? {
    guard faults.late > 0, device.stream(Self.late).uniform(UInt64(seq)) < faults.late else { return nil }
    return faults.lateBy.draw(device.stream(Self.lateBy).uniform(UInt64(seq)))
  }

  /// After what time a reading is repeated, or nil when it is not.
  func repeatDelay(of seq: Int64, faults: DeviceFaults) -> Milliseconds? {
    guard faults.repeats > 0, device.stream(Self.repeats).uniform(UInt64(seq)) < faults.repeats else { return nil }
    return faults.repeatAfter.draw(device.stream(Self.repeatAfter).uniform(UInt64(seq)))
  }

  /// After what time a reading is repeated under a new event id, or nil when it is not.
  func newIDDelay(of seq: Int64, faults: DeviceFaults) -> Milliseconds? {
    guard faults.repeatsWithNewID > 0, device.stream(Self.newID).uniform(UInt64(seq)) < faults.repeatsWithNewID else { return nil }
    return faults.repeatAfter.draw(device.stream(Self.newIDAfter).uniform(UInt64(seq)))
  }

  /// Whether the radio loses a reading.
  func isUnheard(_ seq: Int64, _ loss: Double) -> Bool { device.stream(Self.radio).uniform(UInt64(seq)) < loss }

  /// Whether the connection is cut right after the first transmission of a reading.
  func cutsAfter(_ seq: Int64, attempts: Int32, faults: DeviceFaults) -> Bool {
    attempts == 0 && faults.redelivery > 0 && device.stream(Self.cuts).uniform(UInt64(seq)) < faults.redelivery
  }

  /// How long a reading takes from the firmware to the wire; at most an hour.
  func latency(of seq: Int64, _ latency: LinkLatency) -> Milliseconds {
    let factor = exp(latency.spread * device.stream(Self.latency).normal(UInt64(seq)))
    return Milliseconds(min(Double(latency.median) * factor, 3_600_000).rounded())
  }
}

extension DurationRange {
  /// A duration of the range for a uniform draw from [0, 1).
  func draw(_ share: Double) -> Milliseconds { lower + Milliseconds(share * Double(upper - lower + 1)) }
}

/// The draws that concern a connection, in the order in which they are needed.
struct ConnectionDice {
  private let device: RandomEntity
  private var waits: UInt32 = 0
  private var batches: UInt32 = 0

  private static let wait: UInt64 = 65_541
  private static let batch: UInt64 = 65_613

  init(seed: UInt64, device: DeviceIdentity) { self.device = RandomEntity(seed: seed, entity: device.linkEntity) }

  /// From one replay of a batch to the next, or from the start to the first.
  mutating func batchGap(_ replays: BatchReplays) -> Milliseconds {
    batches &+= 1
    return max(1, Milliseconds((Double(replays.every) * device.stream(Self.batch).exponential(UInt64(batches))).rounded()))
  }

  /// When the device first connects, so that a fleet does not connect in one instant.
  mutating func startDelay(within span: Milliseconds) -> Milliseconds { wait(from: 0, to: span) }

  /// From power to the first connection attempt.
  mutating func bootDelay() -> Milliseconds { wait(from: 500, to: 3_000) }

  /// A uniform draw from 0...ceiling.
  mutating func backoff(upTo ceiling: Milliseconds) -> Milliseconds { wait(from: 0, to: ceiling) }

  private mutating func wait(from lower: Milliseconds, to upper: Milliseconds) -> Milliseconds {
    waits &+= 1
    return DurationRange(lower: lower, upper: upper).draw(device.stream(Self.wait).uniform(UInt64(waits)))
  }
}
