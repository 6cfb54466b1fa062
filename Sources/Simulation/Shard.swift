import World

/// One of the parts in which several processes, perhaps on several machines, play a fleet.
public struct Shard: Sendable, Equatable, CustomStringConvertible {
  /// 1...count.
  public var number: Int
  /// At least 1.
  public var count: Int

  /// The fleet played by one process.
  public static let whole = Shard(number: 1, count: 1)

  public init(number: Int, count: Int) {
    self.number = number
    self.count = count
  }

  /// From the form `2/4`; nil for anything else.
  public init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let number = Int(parts[0]), let count = Int(parts[1]), count >= 1, (1...count).contains(number) else {
      return nil
    }
    self.init(number: number, count: count)
  }

  public var description: String { "\(number)/\(count)" }

  public func contains(_ device: Int, of world: World) -> Bool { world.shard(ofDevice: device, of: count) == number - 1 }
}
