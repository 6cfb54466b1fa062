import Foundation
import Glibc
import Store
import StoreFixtures
import Testing

@Suite struct ConnectionTests {
  /// A statement that runs for much longer than any test.
  static func endless(_ engine: Engine) -> String {
    engine == .questDB ? "select sum(x % 7) as s from long_sequence(1000000000000)" : "select pg_sleep(600)"
  }

  @Test(arguments: Engine.available)
  func engineIsRecognised(engine: Engine) throws {
    let connection = try engine.connect()
    #expect(connection.dialect == engine.dialect)
    #expect(connection.isAlive)
    connection.close()
    #expect(!connection.isAlive)
    #expect { try connection.execute("select 1") } throws: { isLost($0) }
  }

  @Test func sessionsMayUseTheSocketAndCannotWrite() throws {
    let server = try PrivatePostgreSQL.shared.get()
    let connection = try StoreConnection(url: server.socketURL, password: PrivatePostgreSQL.password)
    #expect { try connection.execute("create table never (x integer)") } throws: { error in
      guard case .rejected(_, "25006", _) = error as? StoreError else { return false }
      return true
    }
    #expect(try connection.query("show timezone") == [[.text("UTC")]])
    #expect(try connection.query("select application_name from pg_stat_activity where pid = pg_backend_pid()") == [[.text("heliograph")]])
  }

  @Test(arguments: Engine.available)
  func rejectionsCarryTheServersWords(engine: Engine) throws {
    let connection = try engine.connect()
    #expect { try connection.execute("select nonsense from nowhere") } throws: { error in
      guard case .rejected(let endpoint, let sqlState, let message) = error as? StoreError else { return false }
      return endpoint == connection.endpoint && message.contains("nowhere") && sqlState == (engine == .questDB ? "00000" : "42P01")
    }
    #expect(connection.isAlive)
    #expect(try connection.query("select 1 as one").first?.first?.integer == 1)
  }

  @Test(arguments: Engine.available)
  func parametersArriveAsTheyAre(engine: Engine) throws {
    let connection = try engine.connect()
    let casts = engine == .questDB ? "$1 as a, $2 as b, $3 as c" : "$1 as a, $2 as b, cast($3 as text) as c"
    let from = engine == .questDB ? " from long_sequence(1)" : ""
    let values = try connection.query("select \(casts)\(from)", [.integer(.max), .double(-0.1), .text("it's \"é\"")])
    #expect(values == [[.integer(.max), .double(-0.1), .text("it's \"é\"")]])
  }

  @Test(arguments: Engine.available)
  func theServersTimeOutIsATimeout(engine: Engine) throws {
    let connection = try engine.connect(statementTimeout: 500)
    #expect { try connection.execute(Self.endless(engine)) } throws: { error in
      guard case .timeout(_, 500, _) = error as? StoreError else { return false }
      return true
    }
    #expect(try connection.query("select 1 as one").count == 1)
  }

  @Test(arguments: Engine.available)
  func anotherThreadMayCancel(engine: Engine) async throws {
    let connection = try engine.connect()
    let canceller = try #require(connection.canceller)
    let finished = Flag()
    let thread = Thread {
      // The request may come before the statement has begun, and then does nothing: so it is repeated.
      while !finished.isSet {
        usleep(20_000)
        canceller.cancel()
      }
    }
    thread.start()
    defer { finished.set() }
    #expect { try connection.execute(Self.endless(engine)) } throws: { error in
      guard case .cancelled = error as? StoreError else { return false }
      return true
    }
  }

  @Test(arguments: Engine.available)
  func aThrowingReaderLeavesTheSessionUsable(engine: Engine) throws {
    struct Enough: Error {}
    let connection = try engine.connect()
    let many = engine == .questDB ? "select x from long_sequence(100000000)" : "select generate_series(1, 100000000) as x"
    for _ in 0..<3 {
      var count = 0
      #expect(throws: Enough.self) {
        try connection.forEachRow(many) { _ in
          count += 1
          if count == 1_000 { throw Enough() }
        }
      }
      #expect(count == 1_000)
      #expect(try connection.query("select 7 as seven").first?.first?.integer == 7)
    }
    #expect(throws: StoreError.self) { try connection.forEachRow(many) { _ in try connection.execute("select 1") } }
  }

  @Test func nobodyListeningIsUnreachable() throws {
    let port = try freePort()
    #expect { try StoreConnection(url: "postgresql://admin@127.0.0.1:\(port)/qdb", password: "p4ssw0rd") } throws: { error in
      guard case .unreachable(let endpoint, let reason) = error as? StoreError else { return false }
      return endpoint.port == port && reason.contains("refused") && "\(error)".contains("127.0.0.1:\(port)")
    }
  }

  @Test func aPortThatNeverAnswersIsUnreachable() throws {
    let listener = try SilentListener()
    let options = ConnectionOptions(connectTimeout: 300)
    #expect {
      try StoreConnection(url: "postgresql://admin@127.0.0.1:\(listener.port)/qdb", password: "p4ssw0rd", options: options)
    } throws: { error in
      guard case .unreachable(_, let reason) = error as? StoreError else { return false }
      return reason.contains("300 ms")
    }
  }

  @Test func aKilledServerIsLost() throws {
    let server = try PrivatePostgreSQL()
    defer { server.server.stop() }
    let connection = try StoreConnection(url: server.url, password: PrivatePostgreSQL.password)
    let backend = try #require(try connection.query("select pg_backend_pid()").first?.first?.integer)
    var count = 0
    #expect {
      try connection.forEachRow("select generate_series(1, 100000000) as x") { _ in
        count += 1
        if count == 1_000 { kill(pid_t(backend), SIGKILL) }
      }
    } throws: { isLost($0) }
    #expect(count >= 1_000)
    #expect(!connection.isAlive)
    #expect { try connection.execute("select 1") } throws: { isLost($0) }
  }

  @Test func aStoppedServerIsLostAndThenUnreachable() throws {
    let server = try PrivatePostgreSQL()
    let connection = try StoreConnection(url: server.url, password: PrivatePostgreSQL.password)
    server.server.stop()
    #expect(!connection.isAlive)
    #expect { try connection.execute("select 1") } throws: { isLost($0) }
    #expect { try StoreConnection(url: server.url, password: PrivatePostgreSQL.password) } throws: { error in
      guard case .unreachable = error as? StoreError else { return false }
      return true
    }
    #expect(!FileManager.default.fileExists(atPath: server.folder.path))
  }

  @Test func aFrozenServerIsATimeout() throws {
    let server = try PrivatePostgreSQL.shared.get()
    let options = ConnectionOptions(statementTimeout: 300, grace: 300)
    let connection = try StoreConnection(url: server.url, password: PrivatePostgreSQL.password, options: options)
    let backend = try #require(try connection.query("select pg_backend_pid()").first?.first?.integer)
    kill(pid_t(backend), SIGSTOP)
    defer { kill(pid_t(backend), SIGCONT) }
    #expect { try connection.execute("select 1") } throws: { error in
      guard case .timeout(_, 600, _) = error as? StoreError else { return false }
      return true
    }
    #expect(!connection.isAlive)
  }

  private func isLost(_ error: any Error) -> Bool {
    guard case .lost = error as? StoreError else { return false }
    return true
  }
}

/// A flag that two threads share.
private final class Flag: @unchecked Sendable {
  private let lock = NSLock()
  private var value = false
  var isSet: Bool { lock.withLock { value } }
  func set() { lock.withLock { value = true } }
}

/// Accepts connections in the kernel and never says a word.
private final class SilentListener {
  let port: Int
  private let descriptor: Int32

  init() throws {
    port = try freePort()
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    address.sin_port = UInt16(port).bigEndian
    let bound = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
    }
    guard bound == 0, listen(descriptor, 4) == 0 else { throw FixtureError("cannot listen on 127.0.0.1:\(port)") }
  }

  deinit { Glibc.close(descriptor) }
}
