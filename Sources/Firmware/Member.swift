import FleetSpec
import World

/// A device whose readings go out through a firmware's connection: the device itself, or one that a gateway serves.
struct Member {
  let device: Int
  let settings: FirmwareSettings
  let dice: ReadingDice
  var stream: DeviceStream
  /// The share of readings that the gateway does not hear.
  private let radioLoss: Double
  /// Readings measured so far.
  var measured: Int64 = 0
  /// When the next sample may be sent, while a command thins them out.
  var nextSent: Milliseconds = 0

  init(world: World, device: Int, catalogue: FirmwareCatalogue, workspace: Workspace?) {
    self.device = device
    settings = catalogue.settings(of: device)
    dice = ReadingDice(seed: world.fleet.seed, device: world.devices[device])
    stream = world.stream(device: device, in: workspace)
    radioLoss = world.radioLoss(of: device)
  }

  /// Whether the radio loses a reading on its way to the gateway.
  func isUnheard(_ seq: Int64) -> Bool { radioLoss > 0 && dice.isUnheard(seq, radioLoss) }
}
