import ArgumentParser
import FleetSpec
import Foundation
import Payload
import Plot
import World

struct TraceCommand: ParsableCommand {
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case ndjson
    case csv
    case payload
  }

  static let configuration = CommandConfiguration(
    commandName: "trace",
    abstract: "Prints or draws the readings that a fleet measures, without any network.",
    discussion: """
      The same seed and fleet file give the same bytes, on every run and for any choice of devices. A fleet that starts 'now' is traced
      from 2026-06-21T00:00:00Z; the fleet.yaml of a run folder holds the run's own start.

      EXAMPLES
        heliograph trace fleets/quickstart.yaml --device inv-0001
        heliograph trace fleets/quickstart.yaml --from 10s --to 30s --format csv
        heliograph trace fleets/quickstart.yaml --device inv-0001 --truth
        heliograph trace runs/NAME/fleet.yaml | gzip > expected.ndjson.gz
        heliograph trace fleets/quickstart.yaml --timeline --format csv
        heliograph trace fleets/quickstart.yaml --device inv-0001 --plot inv.svg
        heliograph trace fleets/quickstart.yaml --site site-01 --plot site.svg
      """)

  @OptionGroup var fleet: FleetArguments

  @Option(help: ArgumentHelp("Only this device. May be repeated.", valueName: "id"))
  var device: [String] = []

  @Option(help: ArgumentHelp("Only devices of this site.", valueName: "id"))
  var site: String?

  @Option(help: ArgumentHelp("From this time after the start, for example 10m, or instant.", valueName: "time"))
  var from: String?

  @Option(help: ArgumentHelp("Until this time after the start, for example 1h, or instant.", valueName: "time"))
  var to: String?

  @Option(help: "ndjson or csv; or payload: the messages that devices send, bytes in hexadecimal digits.")
  var format: Format = .ndjson

  @Flag(
    help: ArgumentHelp(
      "Adds the true value in the sensor's unit (true_value) beside each shown one, and by name what is wrong with the reading (faults)."))
  var truth = false

  @Option(
    help: ArgumentHelp(
      "Draws irradiance, power, states and faults of the device, the site or the fleet into this SVG file instead of printing readings.",
      valueName: "file"),
    completion: .file(extensions: ["svg"]))
  var plot: String?

  @Flag(help: "Prints what is planned to go wrong, with its cause, instead of readings.")
  var timeline = false

  func run() throws {
    let loaded = try fleet.load()
    let start = loaded.fleet.start ?? referenceStart
    let world = World(fleet: loaded.fleet, start: start)
    let from = try from.map { try TimeArgument.parse($0, start: start, option: "--from") } ?? start
    let end = try to.map { try TimeArgument.end($0, start: start, duration: loaded.fleet.duration) } ?? start + loaded.fleet.duration
    let devices = try PlotArguments.devices(device, site: site, in: world)
    if let plot { return try draw(devices, of: world, from: from, to: end, into: plot) }
    if format == .payload {
      guard !truth, !timeline else {
        throw CommandFailure(.usage, "--format payload shows messages: it goes with neither --truth nor --timeline")
      }
      return printPayloads(of: devices, in: world, from: from, to: end)
    }
    let format: TraceWriter.Format = format == .csv ? .csv : .ndjson
    if timeline { return printTimeline(of: devices, in: world, from: from, to: end, format) }
    var output = OutputBuffer()
    if format == .csv { TraceWriter.appendHeader(.csv, truth: truth, into: &output.bytes) }
    let workspace = world.workspace()
    for index in devices {
      var stream = world.stream(device: index, in: workspace)
      let writer = TraceWriter(device: world.devices[index], profile: world.profile(of: index), format: format, truth: truth)
      while stream.nextSampleTime < end {
        let isWanted = stream.nextSampleTime >= from
        stream.sample()
        guard isWanted else { continue }
        writer.writeSample(of: stream, into: &output.bytes)
        guard output.flushIfLarge() else { return }
      }
    }
    _ = output.flush()
  }
}

extension TraceCommand {
  private func printPayloads(of devices: [Int], in world: World, from: Milliseconds, to end: Milliseconds) {
    var output = OutputBuffer()
    var payloads = TracePayload(world)
    let workspace = world.workspace()
    // A gateway tells of its devices before any of them sends something.
    for index in devices { payloads.begin(index, at: from, into: &output.bytes) }
    for index in devices {
      var stream = world.stream(device: index, in: workspace)
      while stream.nextSampleTime < end {
        let isWanted = stream.nextSampleTime >= from
        stream.sample()
        guard isWanted else { continue }
        payloads.writeSample(of: stream, index, into: &output.bytes)
        guard output.flushIfLarge() else { return }
      }
    }
    _ = output.flush()
  }

  private func printTimeline(
    of devices: [Int], in world: World, from: Milliseconds, to end: Milliseconds, _ format: TraceWriter.Format
  ) {
    var output = OutputBuffer()
    TimelineWriter.appendHeader(format, into: &output.bytes)
    for index in devices {
      let writer = TimelineWriter(device: world.devices[index], profile: world.profile(of: index), format: format)
      for event in world.timeline(device: index, from: from, to: end) { writer.write(event, into: &output.bytes) }
      guard output.flushIfLarge() else { return }
    }
    _ = output.flush()
  }

  private func draw(_ devices: [Int], of world: World, from: Milliseconds, to end: Milliseconds, into path: String) throws {
    guard from < end else {
      throw CommandFailure(
        .usage,
        "--plot: nothing to draw: --from is not before --to and the end of the run, \(Units.format(milliseconds: world.fleet.duration)) after its start"
      )
    }
    let index = try site.map { try PlotArguments.site($0, in: world) }
    let name = !device.isEmpty ? "\(devices.count) devices" : site ?? "fleet"
    let selection = Selection(world: world, devices: devices, site: index, from: from, to: end)
    try PlotArguments.write(path) { Plot.trace(selection, name: name, to: $0) }
  }
}

/// `--from` and `--to`.
enum TimeArgument {
  /// `--to`, which must lie within the run: a picture of a minute is not what somebody wants who asks for a week.
  static func end(_ text: String, start: Milliseconds, duration: Milliseconds) throws -> Milliseconds {
    let end = try parse(text, start: start, option: "--to")
    guard end > start + duration else { return end }
    throw CommandFailure(
      .usage,
      "--to: '\(text)' is after the end of the run, \(Units.format(milliseconds: duration)) after its start; a longer one: --set duration=\(Units.format(milliseconds: end - start))"
    )
  }

  static func parse(_ text: String, start: Milliseconds, option: String) throws -> Milliseconds {
    if let duration = try? Units.duration(text) { return start + duration }
    if let instant = try? Units.instant(text) { return instant }
    throw CommandFailure(
      .usage, "\(option): '\(text)' is no time; expected a duration after the start such as 90s, or an instant such as 2026-06-21T12:00:00Z"
    )
  }
}

/// `--device`.
enum DeviceArgument {
  /// The numbers of the named devices in fleet order, or all; clones with their originals. A second link measures nothing of its own.
  static func indices(_ ids: [String], in world: World) throws -> [Int] {
    let all = world.devices.indices.filter { !world.devices[$0].isSecondLink }
    guard !ids.isEmpty else { return all }
    let wanted = Set(ids)
    let found = all.filter { wanted.contains(world.devices[$0].id) }
    guard Set(found.map { world.devices[$0].id }).count == wanted.count else {
      let known = Set(world.devices.map(\.id))
      let unknown = ids.first { !known.contains($0) } ?? ""
      throw CommandFailure(.usage, "the fleet has no device '\(unknown)'; its first is '\(world.devices[0].id)'")
    }
    return found
  }
}

/// Standard output, written in large pieces.
struct OutputBuffer {
  var bytes = ByteBuffer()

  /// Writes when a large piece has gathered; false when nobody reads any more.
  mutating func flushIfLarge() -> Bool { bytes.count < 1 << 18 || flush() }

  mutating func flush() -> Bool {
    let isWritten = bytes.withUnsafeBytes { content in
      var rest = content[...]
      while !rest.isEmpty {
        let count = write(STDOUT_FILENO, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
        if count < 0 && errno == EINTR { continue }
        guard count > 0 else { return false }
        rest = rest.dropFirst(count)
      }
      return true
    }
    bytes.removeAll()
    return isWritten
  }
}
