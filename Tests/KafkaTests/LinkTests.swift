import FleetSpec
import Foundation
import Testing
import World

@testable import Transport

@Suite struct LinkTests {
  @Test func readingsArriveInOrderWithKeyHeadersAndTheDevicesTime() throws {
    let cluster = try KafkaMockCluster()
    try cluster.createTopic("telemetry", partitions: 4)
    let bench = try Bench(
      .mock(cluster) {
        $0.headers = [.init(name: "site", value: "{site_id}"), .init(name: "kind", value: "{sensor_type}/1")]
        $0.producers = 2
      })
    try bench.connectAll()
    var sent: [[Reading]] = [[], [], []]
    for _ in 0..<50 {
      for device in 0..<3 {
        let reading = bench.reading(of: device)
        sent[device].append(reading)
        #expect(bench.link.publish(reading, of: device, copy: 0, over: device) == Int32(sent[device].count))
      }
    }
    try bench.run("all acknowledged") { (0..<3).allSatisfy { bench.acknowledged($0).count == 50 } }
    let records = try Record.read("telemetry", from: cluster.brokers)
    #expect(records.count == 150)
    for device in 0..<3 {
      let own = records.filter { $0.key == "here:d-\(device + 1):d-\(device + 1).t" }
      #expect(own.map(\.sequence) == Array(0..<50))
      #expect(Set(own.map(\.partition)).count == 1, "a key has one partition")
      #expect(own.map(\.timestamp) == sent[device].map(\.timestamp))
      #expect(own.allSatisfy { $0.headers == "site=here,kind=TEMPERATURE/1" })
    }
    #expect(bench.link.published == 150)
    #expect(bench.link.publishedBytes == Int64(records.reduce(0) { $0 + $1.value.utf8.count }))
    bench.link.settle(within: 5_000)
    #expect(bench.link.areEndsCompared)
    #expect(bench.link.offsets.losses.isEmpty)
  }

  @Test func aTopicCanDependOnTheReading() throws {
    let cluster = try KafkaMockCluster()
    let bench = try Bench(
      devices: 1,
      .mock(cluster) {
        $0.topic = "t.{site_id}.{sensor}"
        $0.key = ""
        $0.timestamp = .publish
      })
    try bench.connectAll()
    let before = Int64(Date().timeIntervalSince1970 * 1_000)
    #expect(bench.link.publish(bench.reading(of: 0), of: 0, copy: 0, over: 0) == 1)
    try bench.run("acknowledged") { bench.acknowledged(0) == [1] }
    let records = try Record.read("t.here.t", from: cluster.brokers)
    #expect(records.count == 1)
    #expect(records.first?.key == "")
    #expect((records.first?.timestamp ?? 0) >= before)
  }

  @Test func aFullQueueIsSaidAtOnceAndNothingIsLostOrSwapped() throws {
    let cluster = try KafkaMockCluster()
    try cluster.createTopic("telemetry", partitions: 1)
    let bench = try Bench(devices: 1, .mock(cluster) { $0.set("queue.buffering.max.messages", "5") })
    cluster.setRoundTrip(50, ofBroker: 1)
    try bench.connectAll()
    var sent = 0
    var refusals = 0
    var reading = bench.reading(of: 0)
    try bench.run("all acknowledged") {
      while sent < 40 {
        guard bench.link.publish(reading, of: 0, copy: 0, over: 0) > 0 else {
          refusals += 1
          break
        }
        sent += 1
        reading = bench.reading(of: 0)
      }
      return bench.acknowledged(0).count == 40
    }
    #expect(refusals > 0)
    #expect(try Record.read("telemetry", from: cluster.brokers).map(\.sequence) == Array(0..<40))
  }

  @Test func afterACutWhatWasNotAcknowledgedGoesOutAgainInOrder() throws {
    let cluster = try KafkaMockCluster()
    try cluster.createTopic("telemetry", partitions: 1)
    let bench = try Bench(devices: 1, .mock(cluster) { $0.set("queue.buffering.max.messages", "6") })
    cluster.setRoundTrip(200, ofBroker: 1)
    try bench.connectAll()
    let numbers = (0..<5).map { _ in bench.link.publish(bench.reading(of: 0), of: 0, copy: 0, over: 0) }
    #expect(numbers == [1, 2, 3, 4, 5])
    bench.link.cut(0)
    #expect(bench.link.publish(bench.reading(of: 0), of: 0, copy: 0, over: 0) == 0, "a cut link takes nothing")
    bench.forgetHeard()
    bench.link.connect(0)
    try bench.run("sent again and acknowledged") { bench.acknowledged(0).count == 5 }
    #expect(bench.acknowledged(0) == [1, 2, 3, 4, 5])
    #expect(try Record.read("telemetry", from: cluster.brokers).map(\.sequence) == [0, 1, 2, 3, 4, 0, 1, 2, 3, 4])
    #expect(bench.link.publish(bench.reading(of: 0), of: 0, copy: 0, over: 0) == 6)
  }

  @Test func acknowledgementsThatAreNotHeardAreLostWithTheConnection() throws {
    let cluster = try KafkaMockCluster()
    try cluster.createTopic("telemetry", partitions: 1)
    let bench = try Bench(devices: 2, .mock(cluster))
    try bench.connectAll()
    for device in 0..<2 {
      bench.link.setFlow(.outgoingOnly, of: device)
      #expect(bench.link.publish(bench.reading(of: device), of: device, copy: 0, over: device) == 1)
    }
    try bench.run("reported") { bench.link.connections.allSatisfy { $0.unread == [1] } }
    #expect(bench.acknowledged(0).isEmpty)
    bench.link.setFlow(.open, of: 0)
    bench.link.cut(1)
    bench.take()
    #expect(bench.acknowledged(0) == [1])
    bench.link.connect(1)
    try bench.run("sent again") { bench.acknowledged(1) == [1] }
    #expect(try Record.read("telemetry", from: cluster.brokers).map(\.key).filter { $0.hasSuffix("d-2.t") }.count == 2)
  }

  @Test func aLostSessionForgets() throws {
    let cluster = try KafkaMockCluster()
    let bench = try Bench(devices: 1, .mock(cluster))
    cluster.setRoundTrip(200, ofBroker: 1)
    try bench.connectAll()
    #expect(bench.link.publish(bench.reading(of: 0), of: 0, copy: 0, over: 0) == 1)
    bench.link.loseSession(0)
    bench.link.connect(0)
    #expect(bench.link.publish(bench.reading(of: 0), of: 0, copy: 0, over: 0) == 2)
    try bench.run("acknowledged") { !bench.acknowledged(0).isEmpty }
    #expect(bench.acknowledged(0) == [2])
  }

  /// The broker stores and answers with an error: a producer sends again by itself. Only idempotence keeps that from being stored twice.
  @Test(arguments: [false, true]) func aProducersOwnRetries(idempotence: Bool) throws {
    let cluster = try KafkaMockCluster()
    try cluster.createTopic("telemetry", partitions: 1)
    let bench = try Bench(
      devices: 1,
      .mock(cluster) {
        $0.idempotence = idempotence
        $0.set("retry.backoff.ms", "20")
      })
    try bench.connectAll()
    let timedOut: Int32 = 7
    cluster.failNextProduceRequests(with: [timedOut, timedOut])
    for number in 1...10 { #expect(bench.link.publish(bench.reading(of: 0), of: 0, copy: 0, over: 0) == Int32(number)) }
    try bench.run("acknowledged") { bench.acknowledged(0).count == 10 }
    let stored = try Record.read("telemetry", from: cluster.brokers).map(\.sequence)
    #expect(Set(stored) == Set(0..<10))
    if idempotence { #expect(stored == Array(0..<10)) }
    #expect(bench.link.offsets.losses.isEmpty)
  }

  @Test func whatIsNotReportedByTheDeadlineStaysUnconfirmed() throws {
    let cluster = try KafkaMockCluster()
    try cluster.createTopic("telemetry", partitions: 1)
    let bench = try Bench(devices: 1, .mock(cluster))
    try bench.connectAll()
    #expect(bench.link.publish(bench.reading(of: 0), of: 0, copy: 0, over: 0) == 1)
    try bench.run("acknowledged") { bench.acknowledged(0) == [1] }
    cluster.setRoundTrip(60_000, ofBroker: 1)
    #expect(bench.link.publish(bench.reading(of: 0), of: 0, copy: 0, over: 0) == 2)
    let before = Date()
    bench.link.settle(within: 300)
    bench.take()
    #expect(Date().timeIntervalSince(before) < 15)
    #expect(bench.acknowledged(0) == [1])
    #expect(bench.link.publish(bench.reading(of: 0), of: 0, copy: 0, over: 0) == 0)
  }

  @Test func aBrokerThatGoesAwayIsHeardAndSoIsItsReturn() throws {
    let cluster = try KafkaMockCluster()
    try cluster.createTopic("telemetry", partitions: 1)
    let bench = try Bench(.mock(cluster))
    try bench.connectAll()
    bench.forgetHeard()
    cluster.setBroker(1, isUp: false)
    try bench.run("all lost") { bench.failures().count == 3 }
    #expect(bench.link.connectedCount == 0)
    for failure in bench.failures() { #expect(failure.description.hasPrefix("no Kafka broker can be reached; is it running?")) }
    for device in 0..<3 { bench.link.connect(device) }
    #expect(bench.link.publish(bench.reading(of: 0), of: 0, copy: 0, over: 0) == 0)
    cluster.setBroker(1, isUp: true)
    try bench.run("all back") {
      for device in 0..<3 { bench.link.connect(device) }
      return bench.link.connectedCount == 3
    }
    #expect(bench.link.publish(bench.reading(of: 0), of: 0, copy: 0, over: 0) == 1)
    try bench.run("acknowledged") { bench.acknowledged(0) == [1] }
  }

  @Test func whereNobodyListensTheReasonIsSaid() throws {
    var transport = KafkaTransport(brokers: .list(["127.0.0.1:1"]))
    transport.linger = 0
    let bench = try Bench(devices: 1, transport)
    bench.link.connect(0)
    try bench.run("lost") { !bench.failures().isEmpty }
    #expect(bench.failures().first?.description.contains("Connection refused") == true)
    bench.link.settle(within: 0)
  }
}
