import Foundation

/// The private mosquitto.
struct Broker {
  static let user = "fleet"

  let folder: LabFolder

  /// Writes its configuration and password file. It is all that mosquitto reads: nothing from /etc plays a part.
  func configure(port: Int, clientCertificates: Bool) throws {
    let password = try Secrets.password(at: folder.mqttPassword)
    let passwords = "\(folder.broker)/passwords"
    try Files.replace(passwords, mode: 0o600, with: Secrets.mosquittoPasswordLine(user: Self.user, password: password))
    let account = getpwuid(geteuid()).map { String(cString: $0.pointee.pw_name) } ?? "root"
    // persistence: on SIGTERM mosquitto saves everything. Against kill -9 it only offers to write its whole database from time to time;
    // autosave_interval 1, the shortest, was measured to mean every two seconds. Writing it at every change (autosave_on_changes) would
    // write the whole database for each message. So kill -9 can take with it what was queued for the pipeline in the last two seconds
    // and not sent yet. The pipeline's session itself is saved as soon as it subscribes (`saveSessions`), so that messages which reach a
    // restarted broker before the pipeline does are kept.
    // The two zeros: the defaults drop QoS 1 messages to a slow subscriber without a word.
    let text = """
      # Made by heliograph lab up; made again at every start.
      listener \(port) 127.0.0.1
      cafile \(folder.certificates)/ca.crt
      certfile \(folder.certificates)/server.crt
      keyfile \(folder.certificates)/server.key
      require_certificate \(clientCertificates)
      tls_version tlsv1.2
      allow_anonymous false
      password_file \(passwords)
      max_queued_messages 0
      max_inflight_messages 0
      max_connections -1
      persistence true
      persistence_location \(folder.broker)/
      persistence_file mosquitto.db
      autosave_interval 1
      autosave_on_changes false
      persistent_client_expiration 7d
      set_tcp_nodelay true
      log_dest stderr
      log_type error
      log_type warning
      log_type notice
      connection_messages false
      user \(account)

      """
    try Files.replace("\(folder.broker)/mosquitto.conf", mode: 0o600, with: text)
  }

  func start() throws -> ProcessIdentity {
    let program = try Programs.find("mosquitto", package: "mosquitto")
    return try Daemon.spawn([program, "-c", "\(folder.broker)/mosquitto.conf"], log: folder.log(.broker), folder: folder.broker)
  }

  /// Waits until a client with the password is let in.
  func waitUntilServing(_ process: ProcessIdentity, state: LabState) throws {
    var reason = "no answer"
    let serving = poll(seconds: 15) {
      guard process.isAlive else { return true }
      do {
        try Subscriber.probe(folder: folder, state: state)
        return true
      } catch {
        reason = "\(error)"
        return false
      }
    }
    guard serving, process.isAlive else {
      throw LabError.notServing("mosquitto", port: state.broker.port, reason: reason, log: folder.log(.broker))
    }
  }

  /// Has mosquitto write its database now (SIGUSR1), and waits for it.
  func saveSessions(_ process: ProcessIdentity) throws {
    let database = "\(folder.broker)/mosquitto.db"
    let before = Self.modified(database)
    process.signal(SIGUSR1)
    // Its loop looks at signals at least once a second; a save of its own in between serves as well.
    guard poll(seconds: 30, { Self.modified(database) != before || !process.isAlive }), process.isAlive else {
      throw LabError("mosquitto did not save its sessions to \(database); \(Files.tail(folder.log(.broker)))")
    }
  }

  private static func modified(_ path: String) -> [Int] {
    var information = stat()
    guard stat(path, &information) == 0 else { return [] }
    return [Int(information.st_ino), information.st_mtim.tv_sec, information.st_mtim.tv_nsec]
  }
}
