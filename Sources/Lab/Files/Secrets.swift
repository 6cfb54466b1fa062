import COpenSSL
import Foundation

/// Passwords that the lab makes up for itself, each in a file of mode 0600.
enum Secrets {
  /// The password in the file, made now when the file is missing: 144 random bits in the URL-safe base-64 alphabet.
  static func password(at path: String) throws -> String {
    if let text = Files.text(path), !text.isEmpty { return text.trimmingCharacters(in: .newlines) }
    let password = try base64(random(18)).replacing("+", with: "-").replacing("/", with: "_")
    try Files.replace(path, mode: 0o600, with: password + "\n")
    return password
  }

  /// One line of mosquitto's password file: `user:$7$iterations$salt$hash`, PBKDF2 with HMAC-SHA-512 (mosquitto 2.0, password_mosq.c).
  ///
  /// Its 101 iterations are mosquitto's own default; the password is random, so that more would only slow connections down.
  static func mosquittoPasswordLine(user: String, password: String) throws -> String {
    let iterations: Int32 = 101
    let salt = try random(12)
    var hash = [UInt8](repeating: 0, count: 64)
    let made = PKCS5_PBKDF2_HMAC(
      password, Int32(password.utf8.count), salt, Int32(salt.count), iterations, EVP_sha512(), Int32(hash.count), &hash)
    guard made == 1 else { throw LabError("the password of '\(user)' could not be hashed") }
    return "\(user):$7$\(iterations)$\(base64(salt))$\(base64(hash))\n"
  }

  static func random(_ count: Int) throws -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    guard RAND_bytes(&bytes, Int32(count)) == 1 else { throw LabError("OpenSSL has no random numbers to give") }
    return bytes
  }

  private static func base64(_ bytes: [UInt8]) -> String { Data(bytes).base64EncodedString() }
}
