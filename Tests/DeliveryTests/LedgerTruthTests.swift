import FleetSpec
import Testing
import World

@testable import Firmware

/// Whatever the firmware is made of and whatever the network does to it, the ledger tells the truth.
@Suite struct LedgerTruthTests {
  /// Each reading is told exactly once, and what is told is true.
  @Test(arguments: UInt64(1)...60) func theLedgerIsTrue(seed: UInt64) throws {
    var profile = RandomProfile(seed: seed)
    let lines = profile.lines()
    let world = try Fixture.world(seed: seed, profile: lines, group: RandomProfile.group(seed: seed), gateway: lines)
    let network = VirtualNetwork(world: world, weather: .init(loss: 0.01, lostAcknowledgement: 0.02, refusal: 0.2))
    network.play()
    var copies: [[Int64: Int]] = world.devices.map { _ in [:] }
    var ids: [[Int64: Set<Int>]] = world.devices.map { _ in [:] }
    for arrival in network.arrivals {
      copies[arrival.device][arrival.seq, default: 0] += 1
      ids[arrival.device][arrival.seq, default: []].insert(arrival.copy)
    }
    var told: [Set<Int64>] = world.devices.map { _ in [] }
    var lies: [String] = []
    for delivery in network.notebook.deliveries {
      let arrived = copies[delivery.device][delivery.seq] ?? 0
      if !told[delivery.device].insert(delivery.seq).inserted { lies.append("told twice: \(delivery)") }
      let isTrue =
        switch delivery.outcome {
        case .acknowledged: arrived >= 1 && delivery.acknowledgedAt > 0
        case .unconfirmed: delivery.attempts >= 1 && delivery.acknowledgedAt == 0
        case .discarded, .withheld: arrived == 0 && delivery.attempts == 0
        }
      if ids[delivery.device][delivery.seq]?.count ?? 0 > Int(delivery.ids) { lies.append("more ids than told: \(delivery)") }
      if !isTrue || arrived > Int(delivery.attempts) { lies.append("arrived \(arrived) times: \(delivery)") }
      if delivery.attempts > 0 && !(delivery.trueTime <= delivery.firstSent && delivery.firstSent <= delivery.lastSent) {
        lies.append("sent before it was measured: \(delivery)")
      }
    }
    #expect(lies.isEmpty, "\(lies.count) lies, such as \(lies.prefix(3)), with\n\(lines)")
    for device in world.devices.indices {
      network.firmware[device].forEachMember { member, measured in
        #expect(told[member] == Set(0..<measured), "with\n\(lines)")
      }
      #expect(network.firmware[device].isIdle, "something is left in limbo, with\n\(lines)")
    }
    let connection = world.devices.indices.map { world.devices[$0].gateway < 0 ? $0 : world.devices[$0].gateway }
    #expect(
      network.arrivals.allSatisfy { !network.isDead(connection[$0.device], at: $0.sent) },
      "a dead link let something through, with\n\(lines)")
  }

  /// With a network that loses nothing, each transmission arrives: the ledger's attempts are the copies that a pipeline gets.
  @Test(arguments: UInt64(101)...120) func attemptsAreCopies(seed: UInt64) throws {
    var profile = RandomProfile(seed: seed)
    let lines = profile.lines()
    let network = VirtualNetwork(
      world: try Fixture.world(seed: seed, profile: lines, group: RandomProfile.group(seed: seed), gateway: lines))
    network.play()
    var copies: [String: Int] = [:]
    for arrival in network.arrivals { copies["\(arrival.device):\(arrival.seq)", default: 0] += 1 }
    let wrong = network.notebook.deliveries.filter { copies["\($0.device):\($0.seq)"] ?? 0 != Int($0.attempts) }
    #expect(wrong.isEmpty, "\(wrong.prefix(3)) with\n\(lines)")
  }
}
