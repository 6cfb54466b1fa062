import FleetSpec
import TestSupport
import Testing
import World

@testable import Firmware

/// Gateways, twins, and readings that go out again.
@Suite struct IdentityTests {
  private static let calm = "faults: {redelivery: 0, repeats: 0, late: 0}"

  private func played(_ world: World, weather: VirtualNetwork.Weather = .init()) -> VirtualNetwork {
    let network = VirtualNetwork(world: world, weather: weather)
    network.play()
    return network
  }

  @Test func aGatewaySpeaksForItsDevices() throws {
    let world = try Fixture.world(
      seed: 41, devices: 7, profile: Self.calm, group: "gateway: {profile: box, devices: 3, id: \"box-{n}\"}")
    #expect(world.devices.map(\.gateway) == [7, 7, 7, 8, 8, 8, 9, -1, -1, -1] && world.connectionCount == 3)
    #expect((0..<10).map { world.members(ofConnection: $0).count } == [0, 0, 0, 0, 0, 0, 0, 3, 3, 1])
    let network = played(world)
    #expect(network.notebook.deliveries.allSatisfy { $0.outcome == .acknowledged && $0.device < 7 })
    #expect(Set(network.notebook.deliveries.map(\.device)) == Set(0..<7))
    // The connection is the gateway's.
    #expect(Set(network.notebook.events.filter { $0.event == .connected }.map(\.device)) == [7, 8, 9])
  }

  @Test func aGatewayWithoutPowerHearsNobody() throws {
    let world = try Fixture.world(
      seed: 42, devices: 6, duration: "30m", profile: Self.calm, group: "gateway: {profile: box, devices: 3, id: \"box-{n}\"}",
      gateway: "power_outages: {every: 3m, length: 40s, spread: 0.5}")
    let network = played(world)
    let discarded = network.notebook.deliveries.filter { $0.outcome == .discarded }
    #expect(discarded.count > 100 && discarded.count == network.notebook.count(.unheard))
    for device in 0..<6 {
      var power = world.powerOutages(device: world.devices[device].gateway)
      for delivery in network.notebook.deliveries.filter({ $0.device == device }).sorted(by: { $0.seq < $1.seq }) {
        while power.current.end <= delivery.trueTime { power.advance() }
        let isOff = power.current.start <= delivery.trueTime
        #expect((delivery.outcome == .discarded) == isOff, "\(delivery)")
      }
    }
  }

  @Test func theRadioLosesItsShare() throws {
    let world = try Fixture.world(
      seed: 43, devices: 100, duration: "2h", profile: Self.calm,
      group: "gateway: {profile: box, devices: 30, id: \"box-{n}\", radio_loss: 2 %}")
    let network = played(world)
    let readings = network.notebook.deliveries.count
    let fit = Statistics.proportion(network.notebook.count(.unheard), of: readings, probability: 0.02)
    #expect(readings > 250_000 && !fit.isImplausible, "\(fit)")
    let counts = (0..<100).map { device in network.notebook.deliveries.count { $0.device == device && $0.outcome == .discarded } }
    let even = Statistics.chiSquare(counts, probabilities: [Double](repeating: 0.01, count: 100))
    #expect(!even.isImplausible, "\(even)")
  }

  @Test func eachKindOfRepeatComesAtItsRate() throws {
    let world = try Fixture.world(
      seed: 44, devices: 100, duration: "2h",
      profile: "faults: {redelivery: 0.5 %, repeats: 2 %, repeats_with_new_id: 1 %, repeat_after: 2s..20s, late: 0}")
    let network = played(world)
    let readings = network.notebook.deliveries.count
    // A reading that is repeated under its own id is not repeated under another one.
    for (event, rate) in [(DeviceEvent.repeated, 0.02), (.repeatedWithNewID, 0.98 * 0.01), (.cutAfterPublish, 0.005)] {
      let fit = Statistics.proportion(network.notebook.count(event), of: readings, probability: rate)
      #expect(!fit.isImplausible, "\(event): \(fit)")
    }
    let copies: [String: Int] = network.arrivals.reduce(into: [:]) { $0["\($1.device):\($1.seq)", default: 0] += 1 }
    let renamed = Set(network.arrivals.filter { $0.copy > 0 }.map { "\($0.device):\($0.seq)" })
    for delivery in network.notebook.deliveries {
      let key = "\(delivery.device):\(delivery.seq)"
      #expect(copies[key] == Int(delivery.attempts) && delivery.ids == (renamed.contains(key) ? 2 : 1))
    }
  }

  @Test func aBatchReplaySendsTheLastAcknowledgedReadingsOnceMore() throws {
    let world = try Fixture.world(
      seed: 45, devices: 40, duration: "6h", interval: "30s",
      profile: "faults: {redelivery: 0, repeats: 0, late: 0, batch_replays: {every: 1h, size: 50}}")
    let network = played(world)
    let replayed = network.notebook.events.filter { $0.event == .batchReplayed }
    var sizes: [Int] = []
    for device in 0..<40 {
      // What follows within ten seconds belongs to the same replay.
      var last: Milliseconds?
      for event in replayed where event.device == device {
        if let last, event.time - last < 10_000 { sizes[sizes.count - 1] += 1 } else { sizes.append(1) }
        last = event.time
      }
    }
    #expect(sizes.allSatisfy { $0 <= 50 } && sizes.filter { $0 == 50 }.count > sizes.count / 2, "\(sizes)")
    // A Poisson process: its count over 240 device-hours.
    #expect(abs(Double(sizes.count) - 240) < 4 * 240.0.squareRoot())
    #expect(network.notebook.deliveries.allSatisfy { $0.attempts <= 2 && $0.ids == 1 })
    #expect(network.notebook.deliveries.count { $0.attempts == 2 } == replayed.count)
  }

  @Test func clonesThrowEachOtherOffTheBroker() throws {
    for (option, fights) in [("", true), (", clone_client_id: distinct", false)] {
      let world = try Fixture.world(seed: 46, devices: 3, profile: Self.calm, group: "clones: 100 %\(option)")
      #expect(world.devices.count == 6 && Set(world.devices.map(\.id)).count == 3)
      let network = played(world)
      #expect((network.takeovers > 10) == fights && (fights || network.takeovers == 0))
      // Both get through in the end, and measure for themselves.
      #expect(network.notebook.deliveries.allSatisfy { $0.outcome == .acknowledged })
      let first = world.stream(device: 0).nextSampleTime
      #expect(first != world.stream(device: 3).nextSampleTime)
    }
  }

  @Test func twinsComeAtTheirShare() throws {
    let world = try Fixture.world(seed: 47, devices: 20_000, profile: Self.calm, group: "clones: 2 %, second_link: 5 %")
    for (kind, share) in [(DeviceIdentity.Twin.Kind.clone, 0.02), (.secondLink, 0.05)] {
      let fit = Statistics.proportion(world.devices.count { $0.twin?.kind == kind }, of: 20_000, probability: share)
      #expect(!fit.isImplausible, "\(kind): \(fit)")
    }
    // A device keeps its twins whatever else is in the fleet.
    let smaller = try Fixture.world(seed: 47, devices: 500, profile: Self.calm, group: "clones: 2 %, second_link: 5 %")
    let twins = { (world: World) in world.devices.compactMap { $0.twin.map(\.original) }.filter { $0 < 500 } }
    #expect(twins(world) == twins(smaller))
  }

  @Test func aSecondLinkSendsTheSameReadingsOnItsOwn() throws {
    let profile = "network_outages: {every: 2m, length: 20s, spread: 0.5}\n\(Self.calm)"
    let world = try Fixture.world(seed: 48, devices: 2, profile: profile, group: "second_link: 100 %")
    #expect(world.clientID(of: 2) == "d-1/2" && world.clientID(of: 0) == "d-1")
    let network = played(world)
    for device in 0..<2 {
      let own = network.notebook.deliveries.filter { $0.device == device }.sorted { $0.seq < $1.seq }
      let other = network.notebook.deliveries.filter { $0.device == device + 2 }.sorted { $0.seq < $1.seq }
      #expect(own.map(\.seq) == other.map(\.seq) && own.map(\.trueTime) == other.map(\.trueTime))
      // Outages of its own: what one link delays, the other mostly does not.
      #expect(own.map(\.firstSent) != other.map(\.firstSent))
    }
    #expect(world.networkOutages(device: 0).current != world.networkOutages(device: 2).current)
  }

  @Test func aSecondLinkBehindGatewaysIsTheNextOne() throws {
    let world = try Fixture.world(
      seed: 49, devices: 6, profile: Self.calm,
      group: "second_link: 100 %, gateway: {profile: box, devices: 2, id: \"box-{n}\"}")
    #expect(world.devices.prefix(6).map(\.gateway) == [6, 6, 7, 7, 8, 8])
    #expect(world.devices.suffix(6).map(\.gateway) == [7, 7, 8, 8, 6, 6] && world.connectionCount == 3)
  }
}
