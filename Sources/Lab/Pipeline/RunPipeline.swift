import CLinux
import Foundation

/// The main function of the reference pipeline's process: from the lab's broker to the lab's store until SIGTERM or SIGINT.
///
/// Subscribes to `telemetry/#` at QoS 1 with a session that outlives it, or reads the topic `telemetry` of a Kafka broker as a consumer
/// group and commits its offsets when the rows are in the store; validates, removes repeats by (sensor_id, timestamp) and stores
/// batches of at most about 2,000 rows or 200 ms. When the store is away, rows wait; what still waits 10 s after the signal goes to a file
/// that the next pipeline begins with. Killed with SIGKILL it loses what had not reached the store, and the
/// last lines of injected.ndjson may speak of rows that were lost with it.
///
/// - Parameter folder: of a lab that `Lab.up` prepared.
/// - Returns: 0 after an orderly end, 1 otherwise, with the reason on standard error.
public func runPipeline(folder: String) -> Int32 {
  do {
    let folder = LabFolder(folder)
    guard let state = try LabState.load(folder) else {
      throw LabError("there is no lab in \(folder.path): run `heliograph lab up` first")
    }
    let password = try Secrets.password(at: folder.storePassword)
    // Before any thread starts, so that all of them leave the signals to the descriptor.
    let signals = linux_signal_descriptor([SIGTERM, SIGINT], 2)
    guard signals >= 0 else { throw LabError("signals cannot be received: \(String(cString: strerror(-signals)))") }
    signal(SIGPIPE, SIG_IGN)
    switch state.store.kind {
    case .postgresql:
      try PipelineProcess(folder, state, signals: signals).run(
        PostgresWriter(state.store, password: password), encoder: .binaryCopy)
    case .questdb:
      try PipelineProcess(folder, state, signals: signals).run(
        QuestDBWriter(state.store, password: password), encoder: .lineProtocol(table: state.store.table))
    }
    return 0
  } catch {
    FileHandle.standardError.write(Data("heliograph lab pipeline: \(error)\n".utf8))
    return 1
  }
}

/// Hands a writer to its thread and back.
private final class WriterBox<Writer: StoreWriter>: @unchecked Sendable {
  var writer: Writer
  init(_ writer: Writer) { self.writer = writer }
}

private struct PipelineProcess {
  static let rowsPerBatch = 2000
  static let batchMicroseconds: Int64 = 200_000
  /// For a batch on which somebody waits.
  static let awaitedMicroseconds: Int64 = 10_000

  let folder: LabFolder
  let state: LabState
  let signals: Int32
  private let startedAt = microsecondsNow() / 1000

  init(_ folder: LabFolder, _ state: LabState, signals: Int32) {
    self.folder = folder
    self.state = state
    self.signals = signals
  }

  func run<Writer: StoreWriter>(_ first: Writer, encoder: RowEncoder) throws {
    var writer = first
    var memory = KeyMemory()
    guard try prepare(&writer, &memory) else { return }
    let processor = Processor(
      memory: memory, defects: try Defects(state.pipeline.defects, seed: state.pipeline.seed),
      deduplicationWindow: state.pipeline.deduplicationWindow, encoder: encoder, injected: try LineFile(folder.injected),
      rejected: try LineFile(folder.rejected))
    let queue = BatchQueue(mark: writer.resumeMark)
    queue.report(connected: true, error: nil)
    let box = WriterBox(writer)
    let thread = Thread { StoreLoop.run(&box.writer, queue) }
    thread.name = "store"
    thread.start()
    let source = try makeSource()
    let gateway = try state.front.map { try GatewaySource(socket: $0.socket) }
    let failure = receive(source, gateway, processor, queue)
    if processor.batch.rows > 0 { queue.append(try take(processor, source)) }
    try processor.flushFiles()
    let (left, mark) = queue.close(seconds: 10)
    if !left.isEmpty { try WaitingRows.save(left, mark: mark, to: folder.waitingRows) }
    // All that was received is in the store or in that file now, or was rejected.
    source.commit(source.offsets)
    source.disconnect()
    gateway?.stored(queue.figures.stored)
    gateway?.close()
    try status(processor, queue, source, running: false).save(folder)
    if let failure { throw failure }
  }

  private func makeSource() throws -> any PipelineSource {
    if state.broker.speaksKafka { return try KafkaSubscriber(port: state.broker.port) }
    return try Subscriber(
      folder: folder, state: state, clientID: Subscriber.clientID, keepsSession: true,
      topics: ["telemetry/#", SparkplugReader.subscription])
  }

  private func take(_ processor: Processor, _ source: any PipelineSource) throws -> Batch {
    var batch = try processor.takeBatch()
    batch.offsets = source.offsets
    return batch
  }

  /// Waits for the store, stores what an earlier process left, and recalls what it did. False when a signal came first.
  private func prepare(_ writer: inout some StoreWriter, _ memory: inout KeyMemory) throws -> Bool {
    while true {
      do {
        let waiting = try WaitingRows.load(folder.waitingRows)
        if let waiting { writer.resumeMark = waiting.mark }
        try writer.connect()
        if let waiting {
          for (index, batch) in waiting.batches.enumerated() {
            try writer.store(batch)
            let rest = Array(waiting.batches[(index + 1)...])
            if !rest.isEmpty { try WaitingRows.save(rest, mark: writer.resumeMark, to: folder.waitingRows) }
          }
          unlink(folder.waitingRows)
        }
        try Recollection.fill(&memory, from: &writer, injected: folder.injected)
        return true
      } catch let error as StoreFailure {
        var status = PipelineStatus()
        status.pid = getpid()
        status.startedAt = startedAt
        status.updatedAt = microsecondsNow() / 1000
        status.lastError = error.description
        try status.save(folder)
        if wait(on: [signals], milliseconds: 300)[0] {
          status.running = false
          try status.save(folder)
          return false
        }
      }
    }
  }

  /// Receives until a signal comes; returns what made it end otherwise.
  private func receive(
    _ source: any PipelineSource, _ gateway: GatewaySource?, _ processor: Processor, _ queue: BatchQueue
  ) -> Error? {
    var failure: Error?
    var batchBegan: Int64 = 0
    var nextStatus: Int64 = 0
    var wasSubscribed = false
    var queued: UInt64 = 0
    func hand() throws {
      let batch = try take(processor, source)
      queued += UInt64(batch.rows)
      queue.append(batch)
    }
    let accept = { (topic: UnsafePointer<CChar>?, payload: UnsafeRawBufferPointer) -> GatewaySource.Receipt in
      let now = microsecondsNow()
      if processor.batch.rows == 0 { batchBegan = now }
      let isAccepted = processor.receive(topic: topic, payload, now: now)
      let rows = queued + UInt64(processor.batch.rows)
      if processor.batch.rows >= Self.rowsPerBatch {
        do { try hand() } catch { failure = error }
      }
      return GatewaySource.Receipt(isAccepted: isAccepted, rows: rows)
    }
    source.onMessage = { [weak subscriber = source as? Subscriber] topic, payload in
      _ = accept(topic, payload)
      for command in processor.takeCommands() { subscriber?.publish(command.topic, command.payload) }
    }
    gateway?.receive = { payload in accept(nil, payload) }
    var connected = false
    while failure == nil {
      if !connected { connected = source.connect() }
      let requests = gateway?.descriptors ?? []
      let isAwaited = gateway?.isAwaited ?? false
      let ready = wait(
        on: [signals, queue.confirmed] + requests + (connected ? [source.descriptor] : []),
        milliseconds: source.hasMore ? 0 : isAwaited && processor.batch.rows > 0 ? 5 : 50)
      if ready[0] { break }
      if ready[1] { gateway?.stored(queue.takeStored()) }
      if ready[2..<(2 + requests.count)].contains(true) { gateway?.work() }
      if connected {
        let isReady = ready.count > 2 + requests.count && ready[2 + requests.count]
        connected = (!(isReady || source.hasMore) || source.read()) && source.maintain()
      }
      source.commit(queue.takeConfirmedOffsets())
      let now = microsecondsNow()
      do {
        let longest = gateway?.isAwaited == true ? Self.awaitedMicroseconds : Self.batchMicroseconds
        if processor.batch.rows > 0, now - batchBegan >= longest { try hand() }
        if now >= nextStatus || source.isSubscribed != wasSubscribed {
          wasSubscribed = source.isSubscribed
          try processor.flushFiles()
          try status(processor, queue, source, running: true).save(folder)
          nextStatus = now + 1_000_000
        }
      } catch { failure = error }
    }
    source.onMessage = nil
    gateway?.receive = nil
    return failure
  }

  private func status(_ processor: Processor, _ queue: BatchQueue, _ source: any PipelineSource, running: Bool) -> PipelineStatus {
    let figures = queue.figures
    var status = PipelineStatus()
    status.pid = getpid()
    status.startedAt = startedAt
    status.updatedAt = microsecondsNow() / 1000
    status.running = running
    status.subscribed = running && source.isSubscribed
    status.subscribedAt = source.subscribedAt
    status.received = processor.received
    status.rejected = processor.rejected
    status.duplicatesRemoved = processor.duplicatesRemoved
    status.harmed = processor.harmed
    status.stored = figures.stored
    status.waiting = figures.waiting + UInt64(processor.batch.rows)
    status.storeConnected = figures.connected
    status.lastError = figures.lastError ?? source.lastError
    return status
  }
}

/// Microseconds since 1970.
func microsecondsNow() -> Int64 {
  var time = timespec()
  clock_gettime(CLOCK_REALTIME, &time)
  return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
}

/// Which of the descriptors have something to read or have failed.
private func wait(on descriptors: [Int32], milliseconds: Int32) -> [Bool] {
  var set = descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
  _ = poll(&set, nfds_t(set.count), milliseconds)
  return set.map { $0.revents != 0 }
}
