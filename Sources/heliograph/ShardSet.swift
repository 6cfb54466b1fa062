import Foundation
import Ledger
import Simulation

/// The run folders of a fleet that was played in parts: all must be there, each once, and of the same run.
enum ShardSet {
  /// The place in `folders` of each shard, by its number less one.
  /// - Throws: when one is missing, or they do not belong together; other devices' rows would be taken for phantoms.
  static func places(_ folders: [RunFolder], _ ledgers: [LedgerReader]) throws -> [Int] {
    let resolved = try String(contentsOfFile: folders[0].fleetFile, encoding: .utf8)
    var places: [Int: Int] = [:]
    var count = 1
    for (place, folder) in folders.enumerated() {
      guard try String(contentsOfFile: folder.fleetFile, encoding: .utf8) == resolved else {
        throw CommandFailure(
          .usage,
          "\(folder.path) is no shard of the run in \(folders[0].path): its fleet.yaml differs; shards have the same fleet file, --seed and start"
        )
      }
      // Ledgers from before there were shards hold a whole fleet.
      let shard = try ledgers[place].fact("shard").flatMap { Shard($0) } ?? .whole
      if place == 0 { count = shard.count }
      guard shard.count == count else {
        throw CommandFailure(.usage, "\(folder.path) is shard \(shard), \(folders[0].path) one of \(count); name the folders of one run")
      }
      if let other = places[shard.number] {
        throw CommandFailure(.usage, "\(folder.path) and \(folders[other].path) are both shard \(shard); name each shard once")
      }
      places[shard.number] = place
    }
    return try (1...count).map { number in
      guard let place = places[number] else {
        throw CommandFailure(
          .incomplete, "shard \(number)/\(count) is missing; name the folders of all \(count) shards, or no verdict is possible")
      }
      return place
    }
  }
}
