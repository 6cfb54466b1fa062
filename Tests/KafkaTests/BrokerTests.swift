import FleetSpec
import Foundation
import Testing
import World

@testable import Transport

/// Against a broker in a process of its own.
@Suite(.enabled(if: BrokerProcess.isAvailable)) struct BrokerTests {
  private func transport(_ broker: BrokerProcess) -> KafkaTransport {
    var transport = KafkaTransport(brokers: .list([broker.address]))
    transport.linger = 1
    transport.headers = [.init(name: "site", value: "{site_id}")]
    return transport
  }

  @Test func anIndependentClientReadsWhatWasSent() throws {
    let broker = try BrokerProcess()
    let bench = try Bench(transport(broker))
    try bench.connectAll()
    var sent: [[Reading]] = [[], [], []]
    for _ in 0..<200 {
      for device in 0..<3 {
        sent[device].append(bench.reading(of: device))
        #expect(bench.link.publish(sent[device].last ?? sent[device][0], of: device, copy: 0, over: device) > 0)
      }
    }
    try bench.run("acknowledged") { (0..<3).allSatisfy { bench.acknowledged($0).count == 200 } }
    let records = try Record.read("telemetry", from: broker.address)
    for device in 0..<3 {
      let own = records.filter { $0.key == "here:d-\(device + 1):d-\(device + 1).t" }
      #expect(own.map(\.sequence) == Array(0..<200))
      #expect(own.map(\.timestamp) == sent[device].map(\.timestamp))
      #expect(own.allSatisfy { $0.headers == "site=here" })
    }
    bench.link.settle(within: 5_000)
    #expect(bench.link.areEndsCompared)
    #expect(bench.link.offsets.losses.isEmpty)
  }

  /// kill -9: what the broker had acknowledged and not yet saved is gone, and it says so by giving the same offsets away again.
  @Test(arguments: [false, true]) func whatAKilledBrokerHadAcknowledgedIsToldByOffset(goesOn: Bool) throws {
    let broker = try BrokerProcess()
    let bench = try Bench(devices: 1, transport(broker))
    try bench.connectAll()
    var sent = 0
    func publish(_ count: Int) {
      for _ in 0..<count where bench.link.publish(bench.reading(of: 0), of: 0, copy: 0, over: 0) > 0 { sent += 1 }
    }
    publish(100)
    try bench.run("saved") { broker.hasSaved("telemetry") }
    try bench.run("acknowledged") {
      if sent < 3_000 { publish(50) }
      return bench.acknowledged(0).count == 3_000
    }
    broker.kill()
    try bench.run("lost") { !bench.failures().isEmpty }
    try broker.start()
    try bench.run("back") {
      bench.link.connect(0)
      return bench.link.connectedCount == 1
    }
    if goesOn {
      publish(100)
      try bench.run("acknowledged again") { bench.acknowledged(0).count == 3_100 }
    }
    bench.link.settle(within: 5_000)
    #expect(bench.link.areEndsCompared)
    // Not the count of records: this broker at times hands out none of what it still has, right after it has come back.
    let loss = try #require(bench.link.offsets.losses.first)
    let end = try Record.end(of: "telemetry", partition: Int(loss.partition), from: broker.address)
    let kept = goesOn ? end - 100 : end
    #expect(kept < 3_000, "this broker is known to lose what it has acknowledged last")
    #expect(bench.link.offsets.losses.map { $0.from...$0.through } == [kept...2_999])
  }
}
