import FleetSpec
import Glibc
import World

/// The firmware of one profile prepared for the hot path; shared by its devices.
final class FirmwareSettings: Sendable {
  let world: World
  let profile: FirmwareProfile
  /// The end of measurement.
  let end: Milliseconds
  /// Milliseconds between two readings of a backlog; 0 for no limit.
  let replaySpacing: Milliseconds
  /// Whether unacknowledged messages stay with the MQTT session when power is lost.
  let keepsSession: Bool

  init(world: World, profile: FirmwareProfile, end: Milliseconds) {
    self.world = world
    self.profile = profile
    self.end = end
    replaySpacing = profile.buffer.replayRate > 0 ? Milliseconds((1_000 / profile.buffer.replayRate).rounded(.up)) : 0
    keepsSession = profile.connection.session == .persistent && profile.buffer.persistent
  }

  /// When a connection uploads; nil when it does not wait.
  /// - Parameter device: to which the connection belongs; index in `World.devices`.
  func uploadClock(of device: Int) -> UploadClock? {
    profile.upload.map {
      UploadClock(
        schedule: $0, device: RandomEntity(seed: world.fleet.seed, entity: world.devices[device].linkEntity),
        timeZone: world.fleet.sites[world.devices[device].site].timeZone)
    }
  }

  /// The draws for the readings of a device.
  /// - Parameter device: index in `World.devices`.
  func dice(of device: Int32) -> ReadingDice {
    ReadingDice(RandomEntity(seed: world.fleet.seed, entity: world.devices[Int(device)].linkEntity))
  }
}

/// The firmware of all profiles of a fleet.
public struct FirmwareCatalogue: Sendable {
  let world: World
  private let settings: [FirmwareSettings]

  /// - Parameter end: the instant at which devices stop measuring.
  public init(world: World, end: Milliseconds) {
    self.world = world
    settings = world.fleet.profiles.map { FirmwareSettings(world: world, profile: $0, end: end) }
  }

  /// - Parameter device: index in `World.devices`.
  func settings(of device: Int) -> FirmwareSettings { settings[world.devices[device].profile] }
}

/// The draws that concern a reading: by its number, so that they do not depend on what the network did before.
struct ReadingDice {
  private let entity: RandomEntity

  // Numbers from 65,536 on are Firmware's; World uses lower ones.
  private static let late: UInt64 = 65_536
  private static let lateBy: UInt64 = 65_537
  private static let repeats: UInt64 = 65_538
  private static let repeatAfter: UInt64 = 65_539
  private static let cuts: UInt64 = 65_540
  private static let latency: UInt64 = 65_558

  init(_ entity: RandomEntity) { self.entity = entity }

  private func happens(_ share: Double, _ stream: UInt64, _ seq: Int64) -> Bool {
    share > 0 && entity.stream(stream).uniform(UInt64(seq)) < share
  }

  /// How long a reading is held back, or nil when it is not.
  func lateness(of seq: Int64, faults: DeviceFaults) -> Milliseconds? {
    guard happens(faults.late, Self.late, seq) else { return nil }
    return FirmwareDice.draw(faults.lateBy, entity.stream(Self.lateBy).uniform(UInt64(seq)))
  }

  /// After what time a reading is repeated, or nil when it is not.
  func repeatDelay(of seq: Int64, faults: DeviceFaults) -> Milliseconds? {
    guard happens(faults.repeats, Self.repeats, seq) else { return nil }
    return FirmwareDice.draw(faults.repeatAfter, entity.stream(Self.repeatAfter).uniform(UInt64(seq)))
  }

  /// Whether the connection is cut right after the first transmission of a reading.
  func cutsAfter(_ seq: Int64, attempts: Int32, faults: DeviceFaults) -> Bool {
    attempts == 0 && happens(faults.redelivery, Self.cuts, seq)
  }

  /// How long a reading takes from the firmware to the wire; at most an hour.
  func latency(of seq: Int64, _ latency: LinkLatency) -> Milliseconds {
    let factor = exp(latency.spread * entity.stream(Self.latency).normal(UInt64(seq)))
    return Milliseconds(min(Double(latency.median) * factor, 3_600_000).rounded())
  }
}

/// The draws that concern a connection, in the order in which they are needed.
struct FirmwareDice {
  private let waits: RandomStream
  private var waitIndex: UInt64 = 0

  init(seed: UInt64, device: DeviceIdentity) {
    waits = RandomStream(seed: seed, device: device.linkEntity, stream: 65_541)
  }

  static func draw(_ range: DurationRange, _ share: Double) -> Milliseconds {
    range.lower + Milliseconds(share * Double(range.upper - range.lower + 1))
  }

  /// When the device first connects, so that a fleet does not connect in one instant.
  mutating func startDelay(within span: Milliseconds) -> Milliseconds { wait(from: 0, to: span) }

  /// From power to the first connection attempt.
  mutating func bootDelay() -> Milliseconds { wait(from: 500, to: 3_000) }

  /// A uniform draw from 0...ceiling.
  mutating func backoff(upTo ceiling: Milliseconds) -> Milliseconds { wait(from: 0, to: ceiling) }

  private mutating func wait(from lower: Milliseconds, to upper: Milliseconds) -> Milliseconds {
    waitIndex += 1
    return Self.draw(DurationRange(lower: lower, upper: upper), waits.uniform(waitIndex))
  }
}
