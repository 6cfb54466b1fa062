import Drawing
import FleetSpec
import Foundation
import Plot
import Testing
import World

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// Fleets with every kind of trouble that the shipped profiles know, and pictures of them.
enum Pictures {
  static let profiles = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("firmware-profiles").path

  static func world(seed: Int = 3, count: Int = 8, duration: String = "1d", name: String = "pictured") throws -> World {
    let yaml = """
      fleet: \(name)
      seed: \(seed)
      start: 2026-06-20T22:00:00Z
      duration: \(duration)
      site_outages:
        network: { every: 5h, length: 20m, spread: 1 }
        power: { every: 20h, length: 10m, spread: 1 }
      sites:
        - { id: south, latitude: 37.4, longitude: -5.9, cloudiness: 0.2, time_zone: Europe/Madrid }
        - { id: north, latitude: 60.4, longitude: 5.3, cloudiness: 0.8, time_zone: Europe/Oslo }
      devices:
        - { profile: string-inverter, count: \(count), id: "inv-{n:3}" }
        - { profile: weather-station, count: 2, id: "wx-{n}" }
        - { profile: cellular-environment-sensor, count: \(count), id: "env-{n:3}" }
      faults: { malformed: 0.1 % }
      """
    let path = NSTemporaryDirectory() + "heliograph-plot-\(UUID().uuidString).yaml"
    try yaml.write(toFile: path, atomically: true, encoding: .utf8)
    defer { try? FileManager.default.removeItem(atPath: path) }
    let fleet = try FleetLoader.loadFleet(path: path, overrides: [], overlay: nil, profileFolders: [profiles]).fleet
    return World(fleet: fleet, start: try #require(fleet.start))
  }

  static func bytes(_ draw: (MarkupWriter) -> Void) throws -> Data {
    var data = Data()
    let writer = MarkupWriter { data.append(contentsOf: $0) }
    draw(writer)
    try writer.finish()
    return data
  }

  static func all(_ world: World) -> Selection {
    Selection(world: world, devices: Array(world.devices.indices), from: world.start, to: world.start + world.fleet.duration)
  }

  static func device(_ id: String, of world: World) throws -> Selection {
    let index = try #require(world.devices.firstIndex { $0.id == id })
    return Selection(world: world, devices: [index], from: world.start, to: world.start + world.fleet.duration)
  }
}

/// A picture read back with an XML parser.
final class ReadPicture: NSObject, XMLParserDelegate {
  private(set) var elements: [(name: String, attributes: [String: String])] = []
  private(set) var texts: [String] = []
  private var text = ""

  init(_ data: Data) throws {
    super.init()
    let parser = XMLParser(data: data)
    parser.delegate = self
    try #require(parser.parse(), "not well-formed: \(parser.parserError.map { "\($0)" } ?? "") at line \(parser.lineNumber)")
  }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
    attributes: [String: String] = [:]
  ) {
    elements.append((name, attributes))
    text = ""
  }

  func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }

  func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
    if name == "text" || name == "title" { texts.append(text) }
    text = ""
  }

  func path(series: String) -> [String: String]? {
    elements.first { $0.name == "path" && $0.attributes["data-series"] == series }?.attributes
  }
}
