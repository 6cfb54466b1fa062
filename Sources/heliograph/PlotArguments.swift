import Drawing
import FleetSpec
import Plot
import World

/// `--plot` and `--site`.
enum PlotArguments {
  /// The devices of `--device` and `--site`: those named, those of the site, or all.
  static func devices(_ ids: [String], site: String?, in world: World) throws -> [Int] {
    let named = try DeviceArgument.indices(ids, in: world)
    guard let site else { return named }
    let index = try PlotArguments.site(site, in: world)
    let there = named.filter { world.devices[$0].site == index }
    guard !there.isEmpty else {
      throw CommandFailure(.usage, ids.isEmpty ? "site '\(site)' has no devices" : "none of the devices named stands at site '\(site)'")
    }
    return there
  }

  static func site(_ id: String, in world: World) throws -> Int {
    guard let index = world.fleet.sites.firstIndex(where: { $0.id == id }) else {
      throw CommandFailure(.usage, "the fleet has no site '\(id)'; its first is '\(world.fleet.sites[0].id)'")
    }
    return index
  }

  /// Opens the picture's file first, so that nobody waits for a picture that has no place, then draws.
  static func write(_ path: String, _ draw: (MarkupWriter) -> Void) throws {
    do {
      let file = try PageFile(path: path)
      try file.write(draw)
    } catch let failure as PageFile.Failure {
      throw CommandFailure(.usage, "--plot: \(failure)")
    }
  }
}
