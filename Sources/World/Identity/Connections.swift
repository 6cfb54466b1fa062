import FleetSpec

/// The fleet's connections to its broker: each belongs to one device, a gateway or one that speaks for itself, and carries what its
/// members measure.
public struct Connections: Sendable {
  private let owners: [Int32]
  /// The first member of each connection in `list`, and one past the last at the end.
  private let first: [Int32]
  private let list: [Int32]

  /// - Parameter hasSensors: whether a device measures anything; a gateway that does not is no member of its own connection.
  init(_ devices: [DeviceIdentity], hasSensors: (Int) -> Bool) {
    var number = [Int32](repeating: -1, count: devices.count)
    var owners: [Int32] = []
    for index in devices.indices where devices[index].gateway == nil {
      number[index] = Int32(owners.count)
      owners.append(Int32(index))
    }
    var counts = [Int32](repeating: 0, count: owners.count + 1)
    let members = devices.indices.filter { hasSensors($0) }
    for index in members { counts[Int(number[devices[index].gateway ?? index]) + 1] += 1 }
    for index in 1..<max(1, counts.count) { counts[index] += counts[index - 1] }
    var next = counts
    var list = [Int32](repeating: 0, count: members.count)
    for index in members {
      let connection = Int(number[devices[index].gateway ?? index])
      list[Int(next[connection])] = Int32(index)
      next[connection] += 1
    }
    self.owners = owners
    first = counts
    self.list = list
  }

  public var count: Int { owners.count }

  public var indices: Range<Int> { 0..<owners.count }

  /// The device to which a connection belongs; index in `World.devices`.
  public func owner(_ connection: Int) -> Int { Int(owners[connection]) }

  /// The devices whose readings go over a connection, in ascending order; indices in `World.devices`.
  public func members(_ connection: Int) -> ArraySlice<Int32> { list[Int(first[connection])..<Int(first[connection + 1])] }
}
