import Foundation
import Reactor
import Testing

@testable import Transport

/// Plays the firmware's part over a real loop: connects, publishes numbered readings, and keeps what comes back.
final class FleetBench {
  let reactor: Reactor
  let fleet: HTTPFleet
  private(set) var log: [LinkEvent] = []
  /// Numbers of acknowledged messages by device, in the order in which they came.
  private(set) var acknowledged: [[Int32]]
  private(set) var refused: [[Int32]]
  private(set) var sentAgain = 0
  private(set) var failures: [HTTPFailure] = []
  /// Whether a device that is lost comes back by itself.
  var reconnects = true
  private let origin = ContinuousClock.now

  init(port: Int, devices: Int = 1, _ change: (inout HTTPConfiguration) -> Void = { _ in }) throws {
    var configuration = HTTPConfiguration(url: "http://localhost:\(port)/api/v1/telemetry", host: "localhost", port: port, tls: nil)
    configuration.retries.backoffBase = 20
    configuration.retries.backoffMaximum = 100
    configuration.timeout = 3_000
    configuration.connections = 8
    change(&configuration)
    if configuration.tls != nil { configuration.url = configuration.url.replacingOccurrences(of: "http:", with: "https:") }
    reactor = try Reactor()
    let settings = (0..<devices).map { HTTPDevice(id: "device-\($0)") }
    fleet = try HTTPFleet(configuration: configuration, devices: settings, reactor: reactor)
    acknowledged = Array(repeating: [], count: devices)
    refused = acknowledged
  }

  var devices: Int { acknowledged.count }
  var milliseconds: Int64 {
    let passed = (ContinuousClock.now - origin).components
    return passed.seconds * 1_000 + passed.attoseconds / 1_000_000_000_000_000
  }

  /// Requests that were answered.
  var answered: Int64 { fleet.accounting.requestsByStatus.reduce(0, +) }

  func connectAll() { for device in 0..<devices { fleet.connect(device) } }

  /// The reading's number goes into the payload.
  @discardableResult func publish(_ device: Int, isAlone: Bool = false, text: String? = nil) -> Int32 {
    let number = nextNumber[device, default: 1]
    var payload = text ?? "{\"device\":\(device),\"n\":\(number),\"value\":21.50,\"unit\":\"W\"}"
    let message = payload.withUTF8 { fleet.publish(device, payload: UnsafeRawBufferPointer($0), isAlone: isAlone) }
    if message > 0 { nextNumber[device] = number + 1 }
    return message
  }
  private var nextNumber: [Int: Int] = [:]

  /// Runs the loop until the condition holds; false when it did not within the time.
  func run(seconds: Double = 20, until condition: () -> Bool) throws -> Bool {
    let end = milliseconds + Int64(seconds * 1_000)
    var housekeeping: Int64 = 0
    while true {
      fleet.now = milliseconds
      if fleet.now >= housekeeping {
        fleet.housekeeping()
        housekeeping = fleet.now + 50
      }
      takeEvents()
      if condition() { return true }
      if milliseconds > end { return false }
      let ready = try reactor.wait(timeout: 20)
      fleet.now = milliseconds
      reactor.dispatch(ready)
    }
  }

  private func takeEvents() {
    var index = 0
    while index < fleet.events.count {
      let event = fleet.events[index]
      index += 1
      log.append(event)
      let device = Int(event.device)
      switch event.kind {
      case .acknowledged: acknowledged[device].append(event.message)
      case .rejected: refused[device].append(event.message)
      case .sentAgain: sentAgain += 1
      case .connected, .command: break
      case .lost:
        if case .http(let failure) = event.failure { failures.append(failure) }
        if reconnects { fleet.connect(device) }
      }
    }
    fleet.events.removeAll(keepingCapacity: true)
  }

  /// Publishes so many readings from each device, a flush after every `step`, and waits until all are acknowledged.
  func publishAll(_ count: Int, step: Int = 10, seconds: Double = 20) throws -> Bool {
    connectAll()
    var left = Array(repeating: count, count: devices)
    return try run(seconds: seconds) {
      for device in 0..<devices where left[device] > 0 {
        for _ in 0..<min(step, left[device]) where publish(device) > 0 { left[device] -= 1 }
        fleet.flush(device)
      }
      return acknowledged.allSatisfy { $0.count >= count }
    }
  }
}
