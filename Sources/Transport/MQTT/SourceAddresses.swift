import FleetSpec

/// The addresses of this machine from which devices call, dealt out in turn: each has its own local ports.
public struct SourceAddresses: Sendable, Equatable {
  private let ranges: [AddressRange]
  /// How many there are; 0 leaves the choice to the kernel.
  public let count: Int

  public init(_ ranges: [AddressRange] = []) {
    self.ranges = ranges
    count = ranges.reduce(0) { $0 + $1.count }
  }

  /// The address of a device; nil when the kernel chooses.
  public func address(of device: Int) -> String? {
    guard count > 0 else { return nil }
    var index = device % count
    for range in ranges {
      if index < range.count { return range.address(index) }
      index -= range.count
    }
    return nil
  }
}
