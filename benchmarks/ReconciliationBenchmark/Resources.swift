import Foundation
import Glibc

/// Time and memory of this process and of a store's.
enum Resources {
  /// Seconds of a clock that only goes forward.
  static var now: Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  /// Seconds of processor time that this process has used.
  static var processor: Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  /// MiB of a field of /proc/self/status.
  static func memory(_ field: String) -> Int {
    guard let text = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8),
      let line = text.split(separator: "\n").first(where: { $0.hasPrefix(field + ":") })
    else { return 0 }
    return (line.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) >> 10
  }

  /// Seconds of processor time that a process, its children, and theirs that are gone have used.
  static func processor(of process: Int) -> Double {
    var ticks = 0
    for name in (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? [] {
      guard let number = Int(name), let text = try? String(contentsOfFile: "/proc/\(name)/stat", encoding: .utf8),
        let end = text.lastIndex(of: ")")
      else { continue }
      let fields = text[end...].split(separator: " ").dropFirst().map { Int($0) ?? 0 }
      guard fields.count > 15, number == process || fields[1] == process else { continue }
      ticks += fields[11] + fields[12]
      if number == process { ticks += fields[13] + fields[14] }
    }
    return Double(ticks) / Double(sysconf(Int32(_SC_CLK_TCK)))
  }
}
