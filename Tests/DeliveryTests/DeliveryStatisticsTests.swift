import FleetSpec
import TestSupport
import Testing
import World

@testable import Firmware

/// What a profile asks for at random is what comes out: over many readings, with a fixed seed.
@Suite(.enabled(if: Build.isOptimised)) struct DeliveryStatisticsTests {
  private static let calm = "faults: {redelivery: 0, repeats: 0, late: 0}"

  @Test func uploadDelaysAreUniformAndOwnToEachDevice() throws {
    let profile = "\(Self.calm)\nupload: {every: 15m, delay: 0s..10m}"
    let world = try Fixture.world(seed: 31, devices: 200, duration: "12h", interval: "5m", profile: profile)
    let network = VirtualNetwork(world: world)
    network.play()
    let period: Milliseconds = 900_000
    let begins = network.notebook.events.filter { $0.event == .uploadBegan }
    let delays = begins.map { Double($0.time % period) }
    #expect(delays.count > 9_000)
    let fit = Statistics.kolmogorovSmirnov(delays, Distributions.uniform(from: 0, to: 600_000))
    #expect(!fit.isImplausible, "\(fit)")
    // The delays of one upload differ from device to device, those of one device from upload to upload.
    #expect(Set(begins.filter { $0.device == 0 }.map { $0.time % period }).count > 40)
  }

  /// How late readings are when they leave, against the distribution of the time that remains to the next event of a renewal process: its
  /// density at x is the chance that a gap between two uploads is longer than x, divided by the mean gap.
  @Test func latenessOfABatchUploadIsTheResidualLifeOfItsPeriod() throws {
    let profile = """
      \(Self.calm)
      upload: {every: 15m, delay: 0s..10m}
      buffer: {replay_rate: unlimited}
      connection: {inflight: 1000}
      """
    let world = try Fixture.world(seed: 32, devices: 60, duration: "12h", interval: "37s", profile: profile)
    let network = VirtualNetwork(world: world)
    network.play()
    let firstDay = world.start + 1_800_000
    let last = world.start + world.fleet.duration - 1_800_000
    // One reading in twenty of a device: neighbours wait for the same upload.
    let lateness = network.notebook.deliveries.filter {
      $0.outcome == .acknowledged && $0.trueTime > firstDay && $0.trueTime < last && $0.seq % 40 == 0
    }.map { Double($0.firstSent - $0.trueTime) }
    #expect(lateness.count > 1_500)
    let (period, width) = (900_000.0, 600_000.0)
    // The gap is the period plus the difference of two uniform delays.
    func longer(_ x: Double) -> Double {
      let d = (x - period) / width
      if d <= -1 { return 1 }
      if d >= 1 { return 0 }
      return d < 0 ? 1 - (1 + d) * (1 + d) / 2 : (1 - d) * (1 - d) / 2
    }
    let step = 1_000.0
    var cumulative = [0.0]
    for index in 0..<1_500 {
      cumulative.append((cumulative.last ?? 0) + (longer(Double(index) * step) + longer(Double(index + 1) * step)) / 2 * step / period)
    }
    let fit = Statistics.kolmogorovSmirnov(lateness) { x in
      let index = min(max(x / step, 0), 1_499.999)
      let below = cumulative[Int(index)]
      return below + (cumulative[Int(index) + 1] - below) * (index - index.rounded(.down))
    }
    #expect(!fit.isImplausible, "\(fit)")
  }

  @Test func latencyIsLogNormal() throws {
    let profile = "\(Self.calm)\nconnection: {latency: {median: 800ms, spread: 0.6}, acknowledgement_timeout: 1h}"
    let network = VirtualNetwork(world: try Fixture.world(seed: 33, devices: 20, duration: "8h", interval: "60s", profile: profile))
    network.play()
    // The second sensor's reading may have to wait for the first one's; the first waits for nobody.
    let delays = network.notebook.deliveries.filter { $0.seq % 2 == 0 && $0.seq > 2 }.map { Double($0.firstSent - $0.trueTime) + 0.5 }
    #expect(delays.count > 9_000)
    let fit = Statistics.kolmogorovSmirnov(delays, Distributions.logNormal(median: 800, spread: 0.6))
    #expect(!fit.isImplausible, "\(fit)")
  }

  @Test func duplicatesAndLateReadingsComeAtTheirRates() throws {
    let faults = "faults: {redelivery: 1 %, repeats: 3 %, repeat_after: 2s..40s, late: 5 %, late_by: 3s..30s}"
    let world = try Fixture.world(seed: 34, devices: 100, duration: "2h", profile: faults)
    let network = VirtualNetwork(world: world)
    network.play()
    let readings = network.notebook.deliveries.count
    #expect(readings > 250_000)
    for (event, rate) in [(DeviceEvent.heldBack, 0.05), (.repeated, 0.03), (.cutAfterPublish, 0.01)] {
      let fit = Statistics.proportion(network.notebook.count(event), of: readings, probability: rate)
      #expect(!fit.isImplausible, "\(event): \(fit)")
    }
    let held = Set(network.notebook.events.filter { $0.event == .heldBack }.map { "\($0.device):\($0.seq)" })
    let lateness = network.notebook.deliveries.filter { held.contains("\($0.device):\($0.seq)") && $0.attempts == 1 }
      .map { Double($0.firstSent - $0.trueTime) }
    // A device that reconnects sends a little later than was drawn.
    let undisturbed = lateness.filter { $0 <= 30_000 }
    let fit = Statistics.kolmogorovSmirnov(undisturbed, Distributions.uniform(from: 3_000, to: 30_001))
    #expect(undisturbed.count > lateness.count * 95 / 100 && !fit.isImplausible, "\(fit)")
    let copies: [String: Int] = network.arrivals.reduce(into: [:]) { $0["\($1.device):\($1.seq)", default: 0] += 1 }
    #expect(network.notebook.deliveries.allSatisfy { copies["\($0.device):\($0.seq)"] == Int($0.attempts) })
  }
}
