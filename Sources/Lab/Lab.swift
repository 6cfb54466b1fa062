import Certificates
import Foundation

/// A private broker, a private store and the reference pipeline between them, in one folder.
///
/// Every part is a process in a session of its own that outlives the caller; its id and start time lie in `run/`, so that only the very
/// processes that were started are ever ended. Nothing outside the folder is touched, but for the socket's folder in /tmp when the
/// path is too long for a Unix socket. The data stays after `down`, and the next `up` goes on with it.
public struct Lab: Sendable {
  let folder: LabFolder

  /// - Parameter folder: made by `up` when missing.
  public init(folder: String = ".lab") { self.folder = LabFolder(folder) }

  /// The folder, absolute.
  public var path: String { folder.path }
  /// The overlay of a fleet file that points at this lab.
  public var connectionFile: String { folder.connection }
  /// What the pipeline harmed on purpose, one JSON object a line.
  public var injectedFile: String { folder.injected }
  /// The malformed messages, one JSON object a line.
  public var rejectedFile: String { folder.rejected }

  /// What `up` found or did.
  public enum UpResult: Sendable, Equatable {
    case started
    /// Everything runs already; the options were not looked at.
    case alreadyUp
  }

  /// Starts everything and returns when each part really serves.
  ///
  /// - Throws: `LabError` with the end of the log of the part that failed; what had been started is stopped again.
  @discardableResult public func up(_ options: LabOptions = LabOptions()) throws -> UpResult {
    _ = try Defects(options.defects, seed: options.seed)
    let outside = try options.outsideStore?.resolve()
    try folder.make()
    return try folder.exclusively {
      let present = try status()
      if present.isUp, try LabState.load(folder) != nil { return .alreadyUp }
      if !present.isDown {
        let running = present.parts.filter { $0.state == .running }.map(\.component.rawValue).joined(separator: ", ")
        throw LabError("the lab in \(path) is partly up (\(running)): run `heliograph lab down` first")
      }
      if let secret = outside?.password { try Files.replace(folder.storePassword, mode: 0o600, with: secret + "\n") }
      var attempt = 1
      while true {
        let state = try prepare(options, outside: outside?.store, keepsPorts: attempt == 1)
        do {
          for component in components(state) { try launch(component, state) }
          return .started
        } catch {
          try? takeDown(state)
          // Somebody took a port between the moment it was found free and now.
          guard attempt < 4, (error as? LabError)?.isPortTaken == true else { throw error }
          attempt += 1
        }
      }
    }
  }

  /// Ends every process of the lab and waits for it; harmless when nothing runs.
  public func down() throws {
    guard Files.exists(folder.path) else { return }
    guard Files.exists("\(path)/run") else { throw LabError("\(path) is not the folder of a lab: there is no folder run/ in it") }
    try folder.exclusively { try takeDown(try LabState.load(folder)) }
  }

  /// Which parts run, where, and what the pipeline counted.
  public func status() throws -> LabStatus {
    guard let state = try LabState.load(folder) else {
      return LabStatus(folder: path, parts: [], defects: [], pipeline: nil)
    }
    let parts = LabComponent.allCases.filter { $0 != .front || state.front != nil }.map { component -> LabStatus.Part in
      let port: Int? =
        switch component {
        case .broker: state.broker.port
        case .store: state.store.port
        case .pipeline: nil
        case .front: state.front?.port
        }
      if component == .store, state.store.kind == .questdb {
        return LabStatus.Part(component: component, state: .outside, pid: nil, port: port, log: nil)
      }
      let process = ProcessIdentity.load(folder.pidFile(component))
      let alive = process?.isAlive ?? false
      return LabStatus.Part(
        component: component, state: alive ? .running : process == nil ? .stopped : .ended, pid: alive ? process?.pid : nil, port: port,
        log: folder.log(component))
    }
    return LabStatus(folder: path, parts: parts, defects: state.pipeline.defects, pipeline: PipelineStatus.load(folder: path))
  }

  /// Ends one part in an orderly way and waits for it.
  public func stop(_ component: LabComponent) throws {
    let state = try requireState(component)
    try folder.exclusively { try end(component, state) }
  }

  /// Starts one part again, on the same port, and returns when it serves.
  public func start(_ component: LabComponent) throws {
    let state = try requireState(component)
    try folder.exclusively {
      if let process = ProcessIdentity.load(folder.pidFile(component)), process.isAlive { return }
      try launch(component, state)
    }
  }

  /// Sends a signal to one part; after SIGKILL returns when it has ended.
  public func kill(_ component: LabComponent, signal: Int32) throws {
    let state = try requireState(component)
    guard let process = ProcessIdentity.load(folder.pidFile(component)), process.signal(signal) else {
      throw LabError("the \(component.rawValue) of the lab in \(path) does not run")
    }
    if signal == SIGKILL {
      guard process.waitForEnd(seconds: 10) else { throw LabError("the \(component.rawValue) (process \(process.pid)) does not end") }
      try waitForOrphans(component, state)
    }
  }
}

// MARK: - Steps

extension Lab {
  private func requireState(_ component: LabComponent) throws -> LabState {
    guard let state = try LabState.load(folder) else { throw LabError("there is no lab in \(path): run `heliograph lab up` first") }
    if component == .front, state.front == nil {
      throw LabError("the lab in \(path) has no HTTP front: start it with `heliograph lab up --http`")
    }
    if component == .store, state.store.kind == .questdb {
      throw LabError("the store \(state.store.url) is outside of the lab: the lab neither starts nor stops it")
    }
    return state
  }

  private func components(_ state: LabState) -> [LabComponent] {
    (state.store.kind == .postgresql ? [.store] : []) + [.broker, .pipeline] + (state.front == nil ? [] : [.front])
  }

  /// Makes certificates, configurations and data folders; the ports of an earlier time are kept while they are free.
  private func prepare(_ options: LabOptions, outside: LabState.Store?, keepsPorts: Bool) throws -> LabState {
    let earlier = keepsPorts ? try LabState.load(folder) : nil
    let brokerPort = try port(earlier?.broker.port, avoiding: [])
    let store: LabState.Store
    if let outside {
      store = outside
    } else {
      let kept = earlier?.store.kind == .postgresql ? earlier?.store : nil
      let maker = try PrivateStore(folder: folder)
      try maker.initialise()
      let storePort = try port(kept?.port, avoiding: [brokerPort])
      store = LabState.Store(
        kind: .postgresql, host: "127.0.0.1", port: storePort, user: PrivateStore.user, database: "heliograph",
        socketFolder: try maker.makeSocketFolder(port: storePort), httpAddress: nil)
    }
    let front = options.http ? try prepareFront(earlier?.front, avoiding: [brokerPort, store.port]) : nil
    do throws(CertificateError) {
      let contents = try CertificateFolder.make(
        at: folder.certificates, serverNames: ["localhost", "127.0.0.1"], deviceIDs: options.clientCertificates ? options.deviceIDs : [])
      let (certificate, key) = ("\(folder.certificates)/pipeline.crt", "\(folder.certificates)/pipeline.key")
      if options.clientCertificates, !Files.exists(certificate), !Files.exists(key) {
        try contents.authority.issue(
          commonName: "heliograph-pipeline", names: [], usage: .client, certificatePath: certificate, keyPath: key)
      }
    } catch {
      throw LabError(error.description)
    }
    let executable = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
    let state = LabState(
      broker: .init(port: brokerPort, clientCertificates: options.clientCertificates, kafka: options.kafka ? true : nil), store: store,
      pipeline: .init(
        command: options.pipelineCommand ?? [executable, "lab", "pipeline"], defects: options.defects, seed: options.seed,
        deduplicationWindow: options.deduplicationWindow), front: front)
    if let front { try Front(folder: folder).configure(front, clientCertificates: options.clientCertificates) }
    if !options.kafka { try Broker(folder: folder).configure(port: brokerPort, clientCertificates: options.clientCertificates) }
    try state.save(folder)
    try ConnectionFile.write(state, folder)
    return state
  }

  private func prepareFront(_ earlier: LabState.Front?, avoiding taken: [Int]) throws -> LabState.Front {
    let free = try port(earlier?.port, avoiding: taken)
    if let earlier, Files.exists(earlier.socketFolder) { return LabState.Front(port: free, socketFolder: earlier.socketFolder) }
    return LabState.Front(port: free, socketFolder: try Front(folder: folder).makeSocketFolder())
  }

  private func port(_ earlier: Int?, avoiding taken: [Int]) throws -> Int {
    if let earlier, !taken.contains(earlier), FreePort.isFree(earlier) { return earlier }
    return try FreePort.find(avoiding: taken)
  }

  private func launch(_ component: LabComponent, _ state: LabState) throws {
    switch component {
    case .broker:
      let startedAt = microsecondsNow() / 1000
      if state.broker.speaksKafka {
        let broker = KafkaBroker(folder: folder)
        let process = try record(component) { try broker.start(port: state.broker.port) }
        try broker.waitUntilServing(process, port: state.broker.port)
      } else {
        let broker = Broker(folder: folder)
        let process = try record(component) { try broker.start() }
        try broker.waitUntilServing(process, state: state)
      }
      // A pipeline that outlived the last broker comes back by itself.
      if !state.broker.speaksKafka, let pipeline = ProcessIdentity.load(folder.pidFile(.pipeline)), pipeline.isAlive {
        try waitForPipeline(pipeline, since: startedAt, needsStore: false)
      }
    case .store:
      let store = try PrivateStore(folder: folder)
      let process = try record(component) { try store.start(state.store) }
      try store.waitUntilServing(process, state.store)
    case .front:
      guard let settings = state.front else { return }
      let front = Front(folder: folder)
      let process = try record(component) { try front.start() }
      try front.waitUntilServing(process, settings, clientCertificates: state.broker.clientCertificates)
    case .pipeline:
      unlink(folder.pipelineStatus)
      let command = state.pipeline.command + ["--folder", path]
      let process = try record(component) { try Daemon.spawn(command, log: folder.log(component), folder: path) }
      try waitForPipeline(process, since: 0, needsStore: true)
    }
  }

  /// Waits until the pipeline has subscribed after the given moment (milliseconds since 1970) and the broker has its session on disk.
  private func waitForPipeline(_ process: ProcessIdentity, since moment: Int64, needsStore: Bool) throws {
    let serving = poll(seconds: 30) {
      guard process.isAlive else { return true }
      guard let status = PipelineStatus.load(folder: path), status.pid == process.pid else { return false }
      return status.subscribed && status.subscribedAt >= moment && (status.storeConnected || !needsStore)
    }
    guard serving, process.isAlive else {
      let reason = PipelineStatus.load(folder: path)?.lastError.map { " (\($0))" } ?? ""
      throw LabError("the pipeline did not get to work\(reason); \(Files.tail(folder.log(.pipeline)))")
    }
    guard !(try requireState(.broker).broker.speaksKafka) else { return }
    if let broker = ProcessIdentity.load(folder.pidFile(.broker)), broker.isAlive { try Broker(folder: folder).saveSessions(broker) }
  }

  private func record(_ component: LabComponent, _ start: () throws -> ProcessIdentity) throws -> ProcessIdentity {
    let process = try start()
    do {
      try process.save(folder.pidFile(component))
    } catch {
      process.signal(SIGKILL)
      throw error
    }
    return process
  }

  private func takeDown(_ state: LabState?) throws {
    var failure: Error?
    // The pipeline first, while it can still reach the store.
    for component in [LabComponent.front, .pipeline, .broker, .store] {
      do { try end(component, state) } catch { failure = failure ?? error }
    }
    if let socketFolder = state?.front?.socketFolder, socketFolder != folder.front { rmdir(socketFolder) }
    if let socketFolder = state?.store.socketFolder, socketFolder != folder.socket { rmdir(socketFolder) }
    if let failure { throw failure }
  }

  private func end(_ component: LabComponent, _ state: LabState?) throws {
    guard let process = ProcessIdentity.load(folder.pidFile(component)) else { return }
    // SIGINT is PostgreSQL's fast shutdown: it does not wait for clients to leave.
    process.signal(component == .store ? SIGINT : SIGTERM)
    process.signal(SIGCONT)
    if !process.waitForEnd(seconds: 20) {
      process.signal(SIGKILL)
      guard process.waitForEnd(seconds: 10) else {
        throw LabError("the \(component.rawValue) (process \(process.pid)) does not end, not even on SIGKILL")
      }
    }
    if let state { try waitForOrphans(component, state) }
    unlink(folder.pidFile(component))
  }

  private func waitForOrphans(_ component: LabComponent, _ state: LabState) throws {
    guard component == .store, state.store.kind == .postgresql else { return }
    let store = try PrivateStore(folder: folder)
    guard poll(seconds: 15, { !store.hasProcesses }) else { throw LabError("processes of PostgreSQL still use \(folder.store)") }
  }
}
