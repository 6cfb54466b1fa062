import Glibc

/// A file with a user of its own for each device.
public struct CredentialsFile: Sendable {
  public struct Entry: Sendable, Equatable {
    public var user: String
    public var password: String
  }

  private let path: String
  private var entries: [String: Entry] = [:]

  /// Reads lines `device,user,password`; the password is the rest of the line and may contain commas. Empty lines, lines that begin with `#` and
  /// a first line of exactly these three words are passed over.
  /// - Throws: `SecretError` when others can read the file, or a line is wrong or a device named twice; it names the line, never a password.
  public init(_ path: String) throws(SecretError) {
    self.path = path
    var information = stat()
    guard stat(path, &information) == 0 else {
      throw SecretError(description: "the file \(path), which the fleet file names under 'credentials', cannot be read")
    }
    guard information.st_mode & 0o077 == 0 else {
      throw SecretError(description: "\(path) holds passwords and others may read it; 'chmod 600 \(path)' keeps them out")
    }
    let text = try SecretReference.file(path).read()
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      let line = line.hasSuffix("\r") ? line.dropLast() : line
      if line.isEmpty || line.hasPrefix("#") || (index == 0 && line == "device,user,password") { continue }
      let parts = line.split(separator: ",", maxSplits: 2, omittingEmptySubsequences: false)
      guard parts.count == 3, !parts[0].isEmpty, !parts[1].isEmpty else {
        throw SecretError(description: "\(path):\(index + 1): expected device,user,password")
      }
      let entry = Entry(user: String(parts[1]), password: String(parts[2]))
      guard entries.updateValue(entry, forKey: String(parts[0])) == nil else {
        throw SecretError(description: "\(path):\(index + 1): the device '\(parts[0])' stands there twice; keep one of the lines")
      }
    }
  }

  /// - Throws: `SecretError` when the file does not name the device.
  public func entry(of device: String) throws(SecretError) -> Entry {
    guard let entry = entries[device] else {
      throw SecretError(description: "\(path) has no user for the device '\(device)'; add a line \(device),user,password")
    }
    return entry
  }
}
