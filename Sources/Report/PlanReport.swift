import FleetSpec
import Foundation
import Simulation

/// A plan as text and as JSON.
public struct PlanReport {
  private let plan: FleetPlan
  private let fleet: String
  private let seed: UInt64
  private let shortages: [String]

  public init(_ plan: FleetPlan, fleet: String, seed: UInt64, shortages: [String]) {
    self.plan = plan
    self.fleet = fleet
    self.seed = seed
    self.shortages = shortages
  }

  private static func bytes(_ count: Double) -> String {
    if count >= 1_048_576 { return String(format: "%.1f MiB", count / 1_048_576) }
    if count >= 1_024 { return String(format: "%.1f KiB", count / 1_024) }
    return String(format: "%.0f B", count)
  }

  public func text(_ terminal: Terminal) -> String {
    var lines = [terminal.paint("\(fleet)", .bold) + "  seed \(seed), \(Units.format(milliseconds: plan.duration))"]
    func row(_ name: String, _ value: String) { lines.append("  " + Terminal.left(name, 18) + value) }
    row("devices", "\(plan.devices) at \(plan.sites) sites: " + plan.profiles.map { "\($0.devices) \($0.name)" }.joined(separator: ", "))
    row("connections", "\(plan.connections)")
    let messages = plan.messages == plan.readings ? "one message each" : "\(Terminal.number(plan.messages)) messages to the broker"
    row("readings", "\(Terminal.number(plan.readings)), \(messages)")
    row("messages/s", String(format: "%.0f on average", plan.messagesPerSecond))
    row("bytes/s", "\(Self.bytes(plan.bytesPerSecond)) of payload, \(String(format: "%.0f", plan.bytesPerMessage)) B a message")
    row("network outages", "\(plan.networkOutages)")
    row("power cuts", "\(plan.powerOutages)")
    row("re-deliveries", String(format: "about %.0f cut on purpose between PUBLISH and PUBACK", plan.redeliveries))
    row("repeats", String(format: "about %.0f by the application", plan.repeats))
    row("late", String(format: "about %.0f held back on purpose", plan.late))
    row("malformed", String(format: "about %.0f", plan.malformed))
    row("memory", "about \(Self.bytes(Double(plan.memoryBytes)))")
    row("file descriptors", "\(plan.descriptors)")
    lines.append("")
    lines.append(terminal.paint("  over time            messages/s  devices out", .dim))
    let peak = plan.slices.map(\.readingsPerSecond).max() ?? 1
    for slice in plan.slices {
      let bar = String(repeating: "▇", count: Int((slice.readingsPerSecond / max(peak, 1e-9) * 20).rounded()))
      let from = Terminal.right(Units.format(milliseconds: slice.from), 9)
      lines.append(
        "  \(from)          " + Terminal.right(String(format: "%.0f", slice.readingsPerSecond), 10)
          + Terminal.right("\(slice.devicesOut)", 13) + "  " + terminal.paint(bar, .cyan))
    }
    lines.append("")
    if shortages.isEmpty {
      lines.append("This machine is large enough.")
    } else {
      lines += shortages.map { terminal.paint("too small", .red) + "  \($0)" }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private struct Document: Encodable {
    struct Slice: Encodable {
      var fromMs: Int64
      var toMs: Int64
      var messagesPerSecond: Double
      var devicesOut: Int
    }
    var schema = "heliograph.plan/1"
    var fleet: String
    var seed: UInt64
    var durationMs: Int64
    var devices: Int
    var connections: Int
    var readings: Int64
    var messagesPerSecond: Double
    var bytesPerSecond: Double
    var networkOutages: Int
    var powerCuts: Int
    var redeliveries: Double
    var repeats: Double
    var late: Double
    var malformed: Double
    var memoryBytes: Int64
    var fileDescriptors: Int64
    var overTime: [Slice]
    var shortages: [String]
  }

  /// The same as one JSON document, schema `heliograph.plan/1`.
  public func json() throws -> String {
    let document = Document(
      fleet: fleet, seed: seed, durationMs: plan.duration, devices: plan.devices, connections: plan.connections,
      readings: plan.readings, messagesPerSecond: plan.messagesPerSecond, bytesPerSecond: plan.bytesPerSecond,
      networkOutages: plan.networkOutages, powerCuts: plan.powerOutages, redeliveries: plan.redeliveries, repeats: plan.repeats,
      late: plan.late, malformed: plan.malformed, memoryBytes: plan.memoryBytes, fileDescriptors: plan.descriptors,
      overTime: plan.slices.map {
        Document.Slice(fromMs: $0.from, toMs: $0.to, messagesPerSecond: $0.readingsPerSecond, devicesOut: $0.devicesOut)
      }, shortages: shortages)
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(document), as: UTF8.self) + "\n"
  }
}
