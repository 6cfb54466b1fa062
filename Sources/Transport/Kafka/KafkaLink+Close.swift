import Glibc

extension KafkaLink {
  /// Waits until everything that was handed over is reported, but not beyond `milliseconds`, and ends the producers. What is reported until
  /// then becomes events; what is not stays unconfirmed, and is not sent any more. Then asks the brokers for what they still have.
  /// - Parameter milliseconds: wall-clock time.
  public func settle(within milliseconds: Int64) {
    guard !producers.isEmpty else { return }
    let deadline = Self.monotonicMilliseconds() + milliseconds
    while producers.contains(where: { $0.outstanding > 0 }) {
      let left = deadline - Self.monotonicMilliseconds()
      guard left > 0 else { break }
      wait(Int32(clamping: min(left, 50)))
      for index in producers.indices { drain(index) }
    }
    compareWithBrokers()
    // `now` may have any origin; by the end it is known which.
    wallOrigin = Self.wallMilliseconds() - now
    for producer in producers {
      reactor.forget(producer.descriptor)
      producer.close()
    }
    producers = []
    for device in connections.indices { connections[device].state = .idle }
    connectedCount = 0
    connecting = 0
  }

  private func wait(_ milliseconds: Int32) {
    var descriptors = producers.map { pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0) }
    poll(&descriptors, nfds_t(descriptors.count), milliseconds)
  }

  /// What was acknowledged and lies at or above a partition's end is no longer in the broker.
  private func compareWithBrokers() {
    var ends: [(topic: Int, partition: Int32)] = []
    offsets.forEachPartition { topic, partition, _ in ends.append((topic, partition)) }
    // A client of its own: it asks with a patience of its own, and over a new connection.
    guard !ends.isEmpty, let configuration = try? settings.configuration(), (try? configuration.set("socket.timeout.ms", "3000")) != nil,
      let auditor = try? KafkaProducer(configuration: configuration, topic: nil, headers: [])
    else { return }
    defer { auditor.close() }
    for end in ends {
      // The first that does not answer speaks for all: they must not hold up the end of the run one by one.
      guard let high = auditor.highWatermark(topic: topics[end.topic], partition: end.partition, timeout: 3_000) else { return }
      offsets.compare(topic: end.topic, partition: end.partition, highWatermark: high)
    }
    areEndsCompared = true
  }

  private static func wallMilliseconds() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
  }

  private static func monotonicMilliseconds() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
  }
}
