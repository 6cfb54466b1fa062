import Foundation

/// The private PostgreSQL.
struct PrivateStore {
  static let user = "heliograph"
  /// PostgreSQL refuses to run as root; this account of Debian's package takes its place.
  static let account = "postgres"

  let folder: LabFolder
  private let owner: (uid: uid_t, gid: gid_t)?

  init(folder: LabFolder) throws {
    self.folder = folder
    guard geteuid() == 0 else {
      owner = nil
      return
    }
    guard let entry = getpwnam(Self.account) else {
      throw LabError("PostgreSQL does not run as root, and there is no user '\(Self.account)': start the lab as an ordinary user")
    }
    owner = (entry.pointee.pw_uid, entry.pointee.pw_gid)
  }

  /// Makes the database cluster when there is none yet. Its password is random and its superuser is `heliograph`.
  func initialise() throws {
    let password = try Secrets.password(at: folder.storePassword)
    guard !Files.exists("\(folder.store)/PG_VERSION") else { return }
    let log = folder.log(.store)
    try makeOwned(folder.store)
    let handover = "\(folder.path)/initdb"
    let passwordFile = "\(handover)/password"
    try makeOwned(handover)
    defer {
      unlink(passwordFile)
      rmdir(handover)
    }
    try Files.replace(passwordFile, mode: 0o600, with: password + "\n")
    try own(passwordFile)
    let command = [
      try Programs.findPostgreSQL("initdb"), "-D", folder.store, "-U", Self.user, "--pwfile=\(passwordFile)", "--auth=scram-sha-256",
      "--encoding=UTF8", "--locale=C", "--no-sync", "--no-instructions",
    ]
    do {
      try Daemon.run(asOwner(command), log: log, folder: "/")
    } catch {
      // A half-made cluster would be taken for a whole one the next time.
      try? FileManager.default.removeItem(atPath: folder.store)
      throw error
    }
  }

  /// The folder for the Unix socket: inside the lab, or a short one in /tmp when the path would exceed the kernel's 107 bytes.
  func makeSocketFolder(port: Int) throws -> String {
    if "\(folder.socket)/.s.PGSQL.\(port)".utf8.count <= 107 {
      try makeOwned(folder.socket)
      return folder.socket
    }
    var template = Array("/tmp/heliograph-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw LabError("no folder can be made in /tmp: \(Files.errorText())") }
    let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    try own(path)
    return path
  }

  func start(_ store: LabState.Store) throws -> ProcessIdentity {
    // A killed server's children notice its death within moments; until then a new one would refuse to start.
    guard poll(seconds: 15, { !hasProcesses }) else { throw LabError("processes of an earlier PostgreSQL still use \(folder.store)") }
    if let socketFolder = store.socketFolder { try makeOwned(socketFolder) }
    // fsync off: a lab need not survive a crash of the machine. A killed server loses nothing: its files are in the kernel's cache, and
    // synchronous_commit stays on.
    let settings = [
      "listen_addresses=127.0.0.1", "unix_socket_directories=\(store.socketFolder ?? "")", "unix_socket_permissions=0700", "fsync=off",
      "full_page_writes=off", "synchronous_commit=on", "shared_buffers=128MB", "max_wal_size=2GB", "timezone=UTC", "log_timezone=UTC",
      "max_connections=40", "logging_collector=off", "log_destination=stderr",
    ]
    let command =
      [try Programs.findPostgreSQL("postgres"), "-D", folder.store, "-p", String(store.port)] + settings.flatMap { ["-c", $0] }
    return try Daemon.spawn(asOwner(command), log: folder.log(.store), folder: "/")
  }

  /// Waits until it answers, then makes the database and the tables that are missing.
  func waitUntilServing(_ process: ProcessIdentity, _ store: LabState.Store) throws {
    let password = try Secrets.password(at: folder.storePassword)
    var connection: PostgresConnection?
    var reason = "no answer"
    let serving = poll(seconds: 30) {
      guard process.isAlive else { return true }
      do {
        connection = try PostgresConnection(store, password: password, database: "postgres")
        return true
      } catch {
        reason = "\(error)"
        return false
      }
    }
    guard serving, process.isAlive, let connection else {
      throw LabError.notServing("PostgreSQL", port: store.port, reason: reason, log: folder.log(.store))
    }
    do throws(PostgresConnection.Failure) {
      if try connection.execute("SELECT 1 FROM pg_database WHERE datname = '\(store.database)'").isEmpty {
        try connection.execute("CREATE DATABASE \(store.database)")
      }
      let own = try PostgresConnection(store, password: password)
      for statement in PostgresWriter.schema(table: store.table) { try own.execute(statement) }
    } catch {
      throw LabError("PostgreSQL refused to make the lab's tables: \(error)")
    }
  }

  /// Whether any process of a server works in the data folder, also one whose parent was killed.
  var hasProcesses: Bool {
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: "/proc") else { return false }
    return names.contains { name in
      guard Int32(name) != nil else { return false }
      return (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(name)/cwd")) == folder.store
    }
  }

  private func makeOwned(_ path: String) throws {
    try Files.makeFolder(path, mode: 0o700)
    try own(path)
  }

  private func own(_ path: String) throws {
    guard let owner else { return }
    guard chown(path, owner.uid, owner.gid) == 0 else {
      throw LabError("\(path) cannot be given to the user '\(Self.account)': \(Files.errorText())")
    }
  }

  /// As root, runs the command as PostgreSQL's own user. When that user has no way into the lab's folder, for example below /root, it
  /// keeps the one capability that lets it pass, and no other.
  private func asOwner(_ command: [String]) throws -> [String] {
    guard let owner else { return command }
    let setpriv = try Programs.find("setpriv", package: "util-linux")
    let change = [setpriv, "--reuid=\(owner.uid)", "--regid=\(owner.gid)", "--clear-groups", "--no-new-privs"]
    if isPassable { return change + ["--inh-caps=-all", "--"] + command }
    return change + ["--inh-caps=-all,+dac_override", "--ambient-caps=-all,+dac_override", "--"] + command
  }

  /// Whether every folder on the way to the data may be entered by anybody.
  private var isPassable: Bool {
    var path = folder.path
    while true {
      var information = stat()
      guard stat(path, &information) == 0, information.st_mode & S_IXOTH != 0 else { return false }
      if path == "/" { return true }
      path = (path as NSString).deletingLastPathComponent
    }
  }
}
