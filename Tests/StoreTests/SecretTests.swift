import Store
import StoreFixtures
import Testing

/// Passwords must not appear in anything that is printed.
@Suite struct SecretTests {
  static let secret = "hunter2-with-%-and-&"

  static let urls = [
    "postgresql://admin:\(secret)@127.0.0.1:1/qdb", "postgresql://admin:hunter2-with-%25-and-%26@127.0.0.1:1/qdb",
    "postgresql://admin:\(secret)@127.0.0.1:port/qdb", "postgresql://admin:\(secret)@127.0.0.1:1/qdb?nonsense=\(secret)",
    "host=127.0.0.1 port=1 user=admin password=\(secret)", "postgresql://admin@127.0.0.1:1/qdb",
    "postgresql://admin:hunter2-with-%25-and-%26@127.0.0.1:99999/qdb", "postgresql://admin:\(secret)",
  ]

  @Test(arguments: urls)
  func neverStandInErrors(url: String) {
    for password in [Self.secret, nil] {
      do {
        _ = try StoreConnection(url: url, password: password)
        Issue.record("\(url) should not work")
      } catch {
        for text in ["\(error)", String(reflecting: error)] { #expect(!text.contains("hunter2"), "\(text)") }
      }
    }
  }

  @Test(arguments: Engine.available)
  func aWrongPasswordIsRejectedWithoutIt(engine: Engine) throws {
    let url = try engine == .questDB ? (Engine.questDBURL ?? "") : PrivatePostgreSQL.shared.get().url
    #expect { try StoreConnection(url: url, password: Self.secret) } throws: { error in
      guard case .rejected(_, _, let message) = error as? StoreError else { return false }
      return !message.isEmpty && !"\(error)".contains("hunter2")
    }
  }
}
