import Foundation

/// A secret that is not where the fleet file says.
public struct SecretError: Error, CustomStringConvertible {
  public let description: String
}

extension SecretReference {
  /// Fetches the secret. A file's trailing line feed is not part of it.
  /// - Throws: `SecretError`, which names the place and never the secret.
  public func read() throws(SecretError) -> String {
    switch self {
    case .environment(let name):
      guard let value = ProcessInfo.processInfo.environment[name] else {
        throw SecretError(description: "the environment variable \(name), which the fleet file names as a password, is not set")
      }
      return value
    case .file(let path):
      guard let data = FileManager.default.contents(atPath: path) else {
        throw SecretError(description: "the file \(path), which the fleet file names as a password, cannot be read")
      }
      let text = String(decoding: data, as: UTF8.self)
      return text.hasSuffix("\n") ? String(text.dropLast()) : text
    }
  }
}
