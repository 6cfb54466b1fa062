import Firmware
import Glibc

/// What the brokers and librdkafka have to say, and what that means for the devices.
extension KafkaLink {
  func drain(_ index: Int) {
    let producer = producers[index]
    producer.drain { report($0) }
    if producer.isUp != wasUp[index] {
      wasUp[index] = producer.isUp
      producer.isUp ? openAll(of: index) : breakOffAll(of: index)
    } else if producer.takeDefeat(), connecting > 0, !producer.isUp {
      // Those that wait for a connection need not wait until their time is up.
      breakOffAll(of: index)
    }
    resumeStalled()
  }

  private func report(_ report: KafkaProducer.Report) {
    let token = KafkaToken(bits: report.token)
    if report.error == 0 { noteOffset(report) }
    let device = token.connection
    guard connections[device].epoch == token.epoch else { return }
    guard report.error == 0 else {
      fail(device, token.message, report.error)
      return
    }
    if connections[device].state == .connected && connections[device].flow == .open {
      acknowledge(device, token.message)
    } else {
      connections[device].unread.append(token.message)
    }
  }

  private func acknowledge(_ device: Int, _ message: Int32) {
    guard connections[device].unacknowledged.remove(message) else { return }
    events.append(LinkEvent(kind: .acknowledged, device: Int32(device), message: message, failure: .none))
  }

  /// librdkafka has given a message up.
  private func fail(_ device: Int, _ message: Int32, _ code: Int32) {
    if KafkaFailure.isForGood(code) {
      refused += 1
      _ = connections[device].unacknowledged.remove(message)
    } else if connections[device].state == .connected {
      breakOff(device, .kafka(code, ""))
      forget(device)
    } else {
      forget(device)
    }
  }

  private func noteOffset(_ report: KafkaProducer.Report) {
    guard report.offset >= 0 else { return }
    offsets.acknowledge(topic: number(ofTopic: report.topic), partition: report.partition, offset: report.offset, at: now)
  }

  /// Each producer has handles of its own for the same topics.
  private func number(ofTopic handle: UInt) -> Int {
    if let index = topicHandles.firstIndex(where: { $0.handle == handle }) { return topicHandles[index].number }
    let name = KafkaProducer.name(ofTopic: handle)
    let number = topics.firstIndex(of: name) ?? topics.count
    if number == topics.count { topics.append(name) }
    topicHandles.append((handle, number))
    return number
  }

  func open(_ device: Int) {
    guard connections[device].state == .connecting else { return }
    connections[device].state = .connected
    connections[device].deadline = .max
    connecting -= 1
    connectedCount += 1
    events.append(LinkEvent(kind: .connected, device: Int32(device), message: 0, failure: .none))
    readUnread(device)
    sendAgain(device)
  }

  func readUnread(_ device: Int) {
    for message in connections[device].unread { acknowledge(device, message) }
    connections[device].unread.removeAll(keepingCapacity: true)
  }

  private func openAll(of index: Int) {
    guard connecting > 0 else { return }
    for device in connections.indices where producer(of: device) == index { open(device) }
  }

  private func breakOffAll(of index: Int) {
    let failure = failure(of: index)
    for device in connections.indices where connections[device].state != .idle && producer(of: device) == index {
      breakOff(device, failure)
    }
  }

  func failure(of index: Int) -> LinkFailure {
    guard let trouble = producers[index].trouble else { return .timedOut }
    return .kafka(trouble.code, trouble.text)
  }

  /// The network took the connection. What librdkafka has, it keeps.
  func breakOff(_ device: Int, _ failure: LinkFailure) {
    guard connections[device].state != .idle else { return }
    close(device, forgets: false)
    events.append(LinkEvent(kind: .lost, device: Int32(device), message: 0, failure: failure))
  }

  /// - Parameter forgets: whether what librdkafka has does not count any more.
  func close(_ device: Int, forgets: Bool) {
    switch connections[device].state {
    case .idle: break
    case .connecting: connecting -= 1
    case .connected: connectedCount -= 1
    }
    connections[device].state = .idle
    connections[device].deadline = .max
    if forgets {
      forget(device)
    } else if connections[device].flow != .open {
      // These acknowledgements lay in a socket that nobody read.
      forget(device)
    }
    connections[device].flow = .open
  }

  /// From now on all that is not acknowledged is as if it had never been handed to librdkafka.
  private func forget(_ device: Int) {
    connections[device].epoch &+= 1
    connections[device].unread.removeAll(keepingCapacity: true)
    connections[device].unacknowledged.forgetSending()
  }

  /// Hands to librdkafka what is to be sent again, as far as there is room.
  private func sendAgain(_ device: Int) {
    while connections[device].state == .connected, let next = connections[device].unacknowledged.nextUnsent {
      switch hand(next, over: device) {
      case .taken: connections[device].unacknowledged.noteSent()
      case .full:
        if !connections[device].isStalled { stalled.append(Int32(device)) }
        connections[device].isStalled = true
        return
      case .refused(let code) where KafkaFailure.isForGood(code):
        refused += 1
        connections[device].unacknowledged.dropUnsent()
      case .refused(let code): breakOff(device, .kafka(code, ""))
      }
    }
  }

  func resumeStalled() {
    guard !stalled.isEmpty else { return }
    let waiting = stalled
    stalled.removeAll(keepingCapacity: true)
    for device in waiting {
      connections[Int(device)].isStalled = false
      sendAgain(Int(device))
    }
  }
}
