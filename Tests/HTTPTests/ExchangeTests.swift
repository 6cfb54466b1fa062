import Foundation
import Testing

@testable import Transport

/// Against a real nginx that behaves.
@Suite(.serialized) struct ExchangeTests {
  @Test(arguments: [1, 20, 64]) func readingsArriveOnceAndInOrder(batch: Int) throws {
    let server = try Nginx()
    try server.start()
    let bench = try FleetBench(port: server.port, devices: 5) { $0.batch = batch }
    #expect(try bench.publishAll(100))
    for device in 0..<5 { #expect(bench.acknowledged[device] == Array(1...100)) }
    let requests = try server.requests(bench.answered)
    for device in 0..<5 {
      let bodies = requests.filter { $0.body.contains("\"device\":\(device),") }
      #expect(bodies.flatMap(\.numbers) == Array(1...100))
      #expect(bodies.allSatisfy { (1...batch).contains($0.numbers.count) })
    }
    for request in requests {
      let array = try JSONSerialization.jsonObject(with: Data(request.body.utf8)) as? [[String: Any]]
      #expect(array?.count == request.numbers.count)
    }
    #expect(Set(requests.map(\.key)).count == requests.count)
    #expect(requests.allSatisfy { $0.key.wholeMatch(of: /"[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"/) != nil })
    // Connections are kept alive and shared.
    #expect(Set(requests.map(\.connection)).count <= 8)
    #expect(bench.fleet.accounting.statuses.map(\.status) == [204])
    #expect(bench.fleet.accounting.statuses.first?.readings == 500)
    #expect(bench.sentAgain == 0 && bench.failures.isEmpty)
  }

  @Test func aMalformedReadingTravelsAloneAndInItsPlace() throws {
    let server = try Nginx(location: "if ($http_x_none) { return 204; }")
    try server.start()
    let bench = try FleetBench(port: server.port)
    bench.connectAll()
    #expect(try bench.run { bench.fleet.connectedCount == 1 })
    bench.publish(0)
    bench.publish(0)
    #expect(bench.publish(0, isAlone: true, text: "{\"n\":3,\"value\":2") == 3)
    bench.publish(0)
    bench.fleet.flush(0)
    #expect(try bench.run { bench.acknowledged[0].count == 4 })
    #expect(bench.acknowledged[0] == [1, 2, 3, 4])
    #expect(try server.requests(bench.answered).map(\.numbers) == [[1, 2], [3], [4]])
    #expect(try server.requests(bench.answered)[1].body == "[{\"n\":3,\"value\":2]")
  }

  @Test func readingsWaitForOthersOnlyAsLongAsTheyMay() throws {
    let server = try Nginx()
    try server.start()
    let bench = try FleetBench(port: server.port) { $0.batchDelay = 150 }
    bench.connectAll()
    #expect(try bench.run { bench.fleet.connectedCount == 1 })
    let began = bench.milliseconds
    bench.publish(0)
    bench.fleet.flush(0)
    #expect(try bench.run { bench.milliseconds > began + 60 })
    bench.publish(0)
    bench.fleet.flush(0)
    #expect(try bench.run { bench.acknowledged[0].count == 2 })
    #expect(bench.milliseconds >= began + 150)
    #expect(try server.requests(bench.answered).map(\.numbers) == [[1, 2]])
  }

  @Test func aFullDeviceIsToldToWait() throws {
    let server = try Nginx()
    try server.start()
    let bench = try FleetBench(port: server.port) { $0.batch = 5 }
    #expect(bench.publish(0) == 0)
    bench.connectAll()
    #expect(try bench.run { bench.fleet.connectedCount == 1 })
    let taken = (0..<40).filter { _ in bench.publish(0) > 0 }.count
    #expect(taken == 20)
    #expect(try bench.run { bench.acknowledged[0].count == 20 })
    #expect(bench.publish(0) == 21)
  }

  @Test func bodiesArePackedWhenAsked() throws {
    let server = try Nginx()
    try server.start()
    let bench = try FleetBench(port: server.port) { $0.isPacked = true }
    #expect(try bench.publishAll(60))
    let requests = try server.requests(bench.answered)
    #expect(requests.allSatisfy { $0.encoding == "gzip" })
    #expect(bench.fleet.accounting.bodyBytes < 60 * 30)
  }

  @Test func furtherHeaderFieldsGoWithEachRequest() throws {
    let server = try Nginx()
    try server.start()
    let bench = try FleetBench(port: server.port) { $0.headers = [(name: "X-Test", value: "plant 7")] }
    #expect(try bench.publishAll(40))
    #expect(try server.requests(bench.answered).allSatisfy { $0.agent == "plant 7" })
  }

  /// Wherever a device is cut off, nothing is lost, and what the server sees of it again is what was not acknowledged, in order.
  @Test(arguments: 0..<6) func cutsLoseNothing(seed: Int) throws {
    let server = try Nginx()
    try server.start()
    let bench = try FleetBench(port: server.port, devices: 3) { $0.batch = 4 }
    var generator = SplitMix(state: UInt64(seed))
    bench.connectAll()
    var left = [120, 120, 120]
    var downs = 0
    let done = try bench.run {
      for device in 0..<3 {
        switch generator.next() % 20 {
        case 0:
          bench.fleet.cut(device)
          downs += 1
          bench.fleet.connect(device)
        case 1: bench.fleet.setFlow(.outgoingOnly, of: device)
        case 2...8: bench.fleet.setFlow(.open, of: device)
        default: break
        }
        for _ in 0..<3 where left[device] > 0 && bench.publish(device) > 0 { left[device] -= 1 }
        bench.fleet.flush(device)
      }
      return left == [0, 0, 0] && bench.acknowledged.allSatisfy { $0.count == 120 }
    }
    #expect(done && downs > 0)
    // Answers that a device did not hear count nowhere but in the server's log.
    let requests = try server.requests { requests in
      (0..<3).allSatisfy { device in
        let own = requests.filter { $0.body.contains("\"device\":\(device),") && $0.status == "204" }
        return Set(own.flatMap(\.numbers)).count == 120
      }
    }
    for device in 0..<3 {
      #expect(bench.acknowledged[device] == Array(1...120))
      var seen = 0
      var keys: [String: [Int]] = [:]
      for request in requests where request.body.contains("\"device\":\(device),") && request.status == "204" {
        if let earlier = keys[request.key] { #expect(earlier == request.numbers) }
        keys[request.key] = request.numbers
        // No reading comes before one that was never seen.
        for number in request.numbers {
          #expect(number <= seen + 1)
          seen = max(seen, number)
        }
      }
      #expect(seen == 120)
    }
  }

  @Test func aLostSessionForgets() throws {
    let server = try Nginx()
    try server.start()
    let bench = try FleetBench(port: server.port)
    bench.connectAll()
    #expect(try bench.run { bench.fleet.connectedCount == 1 })
    for _ in 0..<30 { bench.publish(0) }
    bench.fleet.loseSession(0)
    #expect(bench.fleet.connectedCount == 0)
    bench.fleet.connect(0)
    #expect(try bench.run { bench.fleet.connectedCount == 1 })
    let message = bench.publish(0)
    bench.fleet.flush(0)
    #expect(try bench.run { bench.acknowledged[0].contains(message) })
    #expect(bench.acknowledged[0] == [message])
  }
}

struct SplitMix {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var bits = state
    bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
    return bits ^ (bits >> 31)
  }
}
