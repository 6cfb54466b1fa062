import Certificates
import Foundation
import Testing

@testable import Transport

/// Against a real nginx that misbehaves as its configuration says, and against one that is not there.
@Suite(.serialized) struct TroubleTests {
  private static let down = "if (-f FOLDER/down) { return 503 \"closed for today\"; } add_header Retry-After 1 always;"

  @Test func anUnavailableServerIsAskedAgainWhenItSaysSoAndUnderTheSameKey() throws {
    let server = try Nginx(location: Self.down)
    server.touch("down")
    try server.start()
    let bench = try FleetBench(port: server.port, devices: 2)
    bench.connectAll()
    #expect(try bench.run { bench.fleet.connectedCount == 2 })
    for device in 0..<2 {
      for _ in 0..<30 { bench.publish(device) }
      bench.fleet.flush(device)
    }
    let began = bench.milliseconds
    #expect(try bench.run { bench.fleet.accounting.requestsByStatus[503] == 2 })
    server.remove("down")
    #expect(try bench.run { bench.acknowledged.allSatisfy { $0.count == 30 } })
    #expect(bench.milliseconds - began >= 1_000)
    #expect(bench.acknowledged[0] == Array(1...30))
    #expect(bench.sentAgain == 40 && bench.fleet.accounting.retries == 2 && bench.failures.isEmpty)
    #expect(bench.fleet.accounting.readingsByStatus[503] == 40 && bench.fleet.accounting.readingsByStatus[204] == 60)
    let requests = try server.requests(bench.answered)
    let refused = Set(requests.filter { $0.status == "503" }.map(\.key))
    #expect(refused.count == 2 && refused.isSubset(of: requests.filter { $0.status == "204" }.map(\.key)))
    #expect(bench.fleet.evidence == [HTTPEvidence(status: 503, device: bench.fleet.evidence[0].device, text: "closed for today")])
  }

  /// A date is as good as seconds (RFC 9110, 10.2.3).
  @Test func retryAfterMayBeADate() throws {
    let formatter = DateFormatter()
    formatter.locale = Locale(identifier: "en_US_POSIX")
    formatter.timeZone = TimeZone(identifier: "GMT")
    formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
    let date = formatter.string(from: Date(timeIntervalSinceNow: 3))
    let server = try Nginx(location: "if (-f FOLDER/down) { return 503; } add_header Retry-After \"\(date)\" always;")
    server.touch("down")
    try server.start()
    let bench = try FleetBench(port: server.port)
    let began = bench.milliseconds
    bench.connectAll()
    #expect(try bench.run { bench.publish(0) > 0 })
    bench.fleet.flush(0)
    #expect(try bench.run { bench.fleet.accounting.requestsByStatus[503] == 1 })
    server.remove("down")
    #expect(try bench.run { bench.acknowledged[0] == [1] })
    #expect(bench.milliseconds - began > 1_000)
  }

  @Test func aRateLimitSlowsDevicesDownAndLosesNothing() throws {
    let server = try Nginx(
      location: "limit_req zone=all; limit_req_status 429;", http: "limit_req_zone $server_port zone=all:1m rate=40r/s;")
    try server.start()
    let bench = try FleetBench(port: server.port, devices: 6) { $0.retries.attempts = 50 }
    #expect(try bench.publishAll(60))
    for device in 0..<6 { #expect(bench.acknowledged[device] == Array(1...60)) }
    #expect(bench.fleet.accounting.requestsByStatus[429] > 0 && bench.failures.isEmpty)
  }

  /// After so many attempts the firmware's own back-off takes over, and the reading stays with the session.
  @Test func attemptsAreLimited() throws {
    let server = try Nginx(location: "if (-f FOLDER/down) { return 500; }")
    server.touch("down")
    try server.start()
    let bench = try FleetBench(port: server.port) { $0.retries.attempts = 3 }
    bench.reconnects = false
    bench.connectAll()
    #expect(try bench.run { bench.publish(0) > 0 })
    bench.fleet.flush(0)
    #expect(try bench.run { !bench.failures.isEmpty })
    #expect(bench.failures == [.unavailable(500)] && bench.fleet.accounting.requestsByStatus[500] == 3)
    #expect(bench.fleet.connectedCount == 0)
    server.remove("down")
    bench.fleet.connect(0)
    #expect(try bench.run { bench.acknowledged[0] == [1] })
    #expect(Set(try server.requests(bench.answered).map(\.key)).count == 1)
  }

  @Test(arguments: [400, 413, 422]) func whatIsRefusedForGoodDoesNotBlockTheDevice(status: Int) throws {
    let server = try Nginx(location: "if (-f FOLDER/down) { return \(status) \"no\"; }")
    server.touch("down")
    try server.start()
    let bench = try FleetBench(port: server.port)
    bench.connectAll()
    #expect(try bench.run { bench.publish(0) > 0 })
    bench.publish(0)
    bench.fleet.flush(0)
    #expect(try bench.run { bench.refused[0] == [1, 2] })
    server.remove("down")
    bench.publish(0)
    bench.fleet.flush(0)
    #expect(try bench.run { bench.acknowledged[0] == [3] })
    #expect(bench.fleet.accounting.refusedReadings == 2 && bench.failures.isEmpty && bench.sentAgain == 0)
  }

  @Test(arguments: [401, 403, 404, 301]) func aServerThatTakesNothingEndsInAReason(status: Int) throws {
    let server = try Nginx(location: "return \(status);")
    try server.start()
    let bench = try FleetBench(port: server.port) {
      $0.token = "s3cret-token"
      $0.tokenPlace = "token from the environment variable PLANT_TOKEN"
    }
    bench.connectAll()
    #expect(try bench.run { bench.publish(0) > 0 })
    bench.fleet.flush(0)
    #expect(try bench.run { !bench.failures.isEmpty })
    let failure = try #require(bench.failures.first)
    #expect(failure.isRefusal && failure.description.contains(HTTPFailure.name(status)))
    if status < 404, status > 400 { #expect(failure.description.contains("PLANT_TOKEN")) }
    #expect(!failure.description.contains("s3cret"))
    #expect(bench.fleet.refusal(after: 60_000) == nil)
    #expect(try bench.run { bench.fleet.refusal(after: 100) == failure })
    #expect(bench.acknowledged[0].isEmpty && bench.refused[0].isEmpty)
  }

  @Test func aSilentServerIsGivenUpAndAskedAgain() throws {
    let silent = Nginx.listener(port: 0)
    defer { close(silent) }
    let bench = try FleetBench(port: Nginx.port(of: silent)) {
      $0.timeout = 200
      $0.retries.attempts = 3
    }
    bench.reconnects = false
    bench.connectAll()
    #expect(try bench.run { bench.publish(0) > 0 })
    bench.fleet.flush(0)
    #expect(try bench.run { !bench.failures.isEmpty })
    #expect(bench.failures == [.timedOut])
    #expect(bench.fleet.accounting.timedOut == 3 && bench.fleet.accounting.retries == 2 && bench.sentAgain == 2)
    #expect(bench.acknowledged[0].isEmpty && bench.refused[0].isEmpty && bench.fleet.underWay == 0)
  }

  @Test func aServerThatDiesAndComesBackGetsEverything() throws {
    let server = try Nginx()
    try server.start()
    let bench = try FleetBench(port: server.port, devices: 4) { $0.batch = 5 }
    bench.connectAll()
    var left = [300, 300, 300, 300]
    var isDown = false
    let done = try bench.run(seconds: 30) {
      let total = bench.acknowledged.reduce(0) { $0 + $1.count }
      if total > 400 && !isDown {
        server.stop()
        isDown = true
      }
      if isDown && server.process == nil && bench.failures.count >= 8 { try? server.start() }
      for device in 0..<4 {
        for _ in 0..<5 where left[device] > 0 && bench.publish(device) > 0 { left[device] -= 1 }
        bench.fleet.flush(device)
      }
      return total == 1_200
    }
    #expect(done)
    for device in 0..<4 { #expect(bench.acknowledged[device] == Array(1...300)) }
    #expect(bench.failures.allSatisfy { [.closed, .unreachable(ECONNREFUSED)].contains($0) }, "\(Set(bench.failures.map(\.description)))")
    #expect(bench.failures.contains(.unreachable(ECONNREFUSED)))
  }

  @Test func nothingListens() throws {
    let bench = try FleetBench(port: try Nginx.freePort(), devices: 3)
    bench.reconnects = false
    bench.connectAll()
    #expect(try bench.run { bench.failures.count == 3 })
    #expect(bench.failures.allSatisfy { $0 == .unreachable(ECONNREFUSED) })
    #expect(bench.fleet.isQuiet)
    #expect(throws: HTTPLinkError.self) {
      _ = try FleetBench(port: 1) { $0.host = "no-such-host.invalid" }
    }
  }

  /// At the end what is on its way is waited for, and nothing goes out behind the ledger's back afterwards.
  @Test func theEndWaitsForAnswersAndLeavesNothingBehind() throws {
    let server = try Nginx()
    try server.start()
    let bench = try FleetBench(port: server.port, devices: 3)
    bench.connectAll()
    #expect(try bench.run { bench.fleet.connectedCount == 3 })
    for device in 0..<3 { for _ in 0..<30 { bench.publish(device) } }
    bench.fleet.settle(within: 5_000)
    #expect(try bench.run { true })
    for device in 0..<3 { #expect(bench.acknowledged[device] == Array(1...30)) }
    #expect(bench.fleet.connectedCount == 0 && bench.publish(0) == 0)
  }

  @Test func theEndDoesNotWaitForASilentServer() throws {
    let silent = Nginx.listener(port: 0)
    defer { close(silent) }
    let bench = try FleetBench(port: Nginx.port(of: silent), devices: 2)
    bench.connectAll()
    #expect(try bench.run { bench.fleet.connectedCount == 2 })
    for device in 0..<2 { for _ in 0..<30 { bench.publish(device) } }
    let began = bench.milliseconds
    bench.fleet.settle(within: 300)
    #expect(bench.milliseconds - began < 2_000)
    #expect(bench.fleet.underWay == 0 && bench.fleet.accounting.broken == 2 && bench.acknowledged == [[], []])
  }
}
