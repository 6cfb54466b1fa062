import Foundation

/// A file of JSON lines that grows at its end.
final class LineFile {
  private let descriptor: Int32
  private let path: String
  private var waiting: [UInt8] = []

  init(_ path: String) throws {
    self.path = path
    descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw LabError("\(path) cannot be opened: \(Files.errorText())") }
  }

  deinit { close(descriptor) }

  func add(_ line: String) {
    waiting.append(contentsOf: line.utf8)
    waiting.append(UInt8(ascii: "\n"))
  }

  /// Hands everything to the kernel, where it survives the end of this process.
  func flush() throws {
    guard !waiting.isEmpty else { return }
    guard Files.writeAll(descriptor, waiting) else { throw LabError("\(path) cannot be written: \(Files.errorText())") }
    waiting.removeAll(keepingCapacity: true)
  }

  /// A JSON string with its quotes.
  static func quote(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      default:
        if scalar.value < 0x20 {
          let digits = String(scalar.value, radix: 16)
          result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        } else {
          result.unicodeScalars.append(scalar)
        }
      }
    }
    return result + "\""
  }
}
