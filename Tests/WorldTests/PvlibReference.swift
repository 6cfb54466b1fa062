import Foundation
import Testing

/// Tables of reference values from pvlib (W. F. Holmgren et al., 2018, "pvlib python", Journal of Open Source Software 3 (29)).
///
/// `scripts/test` installs pvlib and names its interpreter in HELIOGRAPH_PVLIB_PYTHON. Without it the comparisons are skipped, and say so.
enum PvlibReference {
  static let isAvailable: Bool = {
    if interpreter != nil { return true }
    print("SKIPPED: the comparison with pvlib; scripts/test runs it, or set HELIOGRAPH_PVLIB_PYTHON to a Python that has pvlib")
    return false
  }()

  private static let interpreter = ProcessInfo.processInfo.environment["HELIOGRAPH_PVLIB_PYTHON"]

  /// The rows of a table, each by the names of its columns.
  static func table(_ name: String) throws -> Table {
    let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Pvlib/reference.py")
    let process = Process()
    process.executableURL = URL(fileURLWithPath: try #require(interpreter))
    process.arguments = [script.path, name]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let bytes = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0, "reference.py \(name) failed")
    return Table(String(decoding: bytes, as: UTF8.self))
  }

  struct Table {
    private var columns: [String: Int] = [:]
    private var cells: [[Double]] = []

    init(_ text: String) {
      var lines = text.split(separator: "\n")
      guard !lines.isEmpty else { return }
      for (index, name) in lines.removeFirst().split(separator: ",").enumerated() { columns[String(name)] = index }
      cells = lines.map { $0.split(separator: ",").map { Double($0) ?? .nan } }
    }

    var count: Int { cells.count }

    func value(_ column: String, _ row: Int) throws -> Double { cells[row][try #require(columns[column])] }
  }
}

/// The largest and the mean deviation of a series of values.
struct Deviation {
  private(set) var maximum = 0.0
  private(set) var count = 0
  private var sum = 0.0

  var mean: Double { sum / Double(max(1, count)) }

  mutating func add(_ difference: Double) {
    // A value that is not a number must not pass for a small one.
    let size = difference.isNaN ? .infinity : abs(difference)
    maximum = max(maximum, size)
    sum += size
    count += 1
  }

  func report(_ what: String, _ unit: String) {
    func text(_ value: Double) -> String { String(format: "%.5f", value) }
    print("pvlib: \(what): maximum \(text(maximum)) \(unit), mean \(text(mean)) \(unit), \(count) values")
  }
}
