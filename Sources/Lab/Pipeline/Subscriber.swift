import CMosquitto
import COpenSSL
import Foundation

/// The pipeline's connection to the broker: QoS 1, a session that the broker keeps while the pipeline is away.
final class Subscriber: PipelineSource {
  static let clientID = "heliograph-pipeline"

  /// Called for each message, on the thread that calls `read`.
  var onMessage: ((UnsafePointer<CChar>?, UnsafeRawBufferPointer) -> Void)?
  private(set) var isSubscribed = false
  /// Milliseconds since 1970; 0 for never.
  private(set) var subscribedAt: Int64 = 0
  private(set) var lastError: String?
  private var refusal: Int32 = 0
  private var messages = 0
  private let port: Int32
  private let client: OpaquePointer
  private let topics: [String]

  /// - Parameter topics: none connects without a subscription.
  init(folder: LabFolder, state: LabState, clientID: String, keepsSession: Bool, topics: [String]) throws {
    mosquitto_lib_init()
    guard let made = mosquitto_new(clientID, !keepsSession, nil) else { throw LabError("libmosquitto cannot make a client") }
    client = made
    port = Int32(state.broker.port)
    self.topics = topics
    mosquitto_user_data_set(made, Unmanaged.passUnretained(self).toOpaque())
    let password = try Secrets.password(at: folder.mqttPassword)
    let certificate = state.broker.clientCertificates ? "\(folder.certificates)/pipeline.crt" : nil
    let key = state.broker.clientCertificates ? "\(folder.certificates)/pipeline.key" : nil
    let set =
      mosquitto_username_pw_set(made, Broker.user, password) == 0
      && mosquitto_tls_set(made, "\(folder.certificates)/ca.crt", nil, certificate, key, nil) == 0
      && mosquitto_int_option(made, MOSQ_OPT_TCP_NODELAY, 1) == 0
    guard set else { throw LabError("libmosquitto refuses the certificates in \(folder.certificates)") }
    mosquitto_connect_with_flags_callback_set(made) { client, context, code, flags in
      guard let client, let context else { return }
      Unmanaged<Subscriber>.fromOpaque(context).takeUnretainedValue().connected(client, code, hasSession: flags & 1 != 0)
    }
    mosquitto_disconnect_callback_set(made) { _, context, _ in
      guard let context else { return }
      Unmanaged<Subscriber>.fromOpaque(context).takeUnretainedValue().isSubscribed = false
    }
    mosquitto_subscribe_callback_set(made) { _, context, _, count, granted in
      guard let context, let granted, count > 0 else { return }
      let subscriber = Unmanaged<Subscriber>.fromOpaque(context).takeUnretainedValue()
      if (0..<Int(count)).allSatisfy({ granted[$0] == 1 }) {
        subscriber.noteSubscription()
      } else {
        subscriber.isSubscribed = false
        subscriber.lastError = "the broker refused the subscription to \(subscriber.topics.joined(separator: ", "))"
      }
    }
    mosquitto_message_callback_set(made) { _, context, message in
      guard let context, let message else { return }
      let subscriber = Unmanaged<Subscriber>.fromOpaque(context).takeUnretainedValue()
      subscriber.messages += 1
      let payload = UnsafeRawBufferPointer(start: message.pointee.payload, count: Int(message.pointee.payloadlen))
      subscriber.onMessage?(UnsafePointer(message.pointee.topic), payload)
    }
  }

  deinit { mosquitto_destroy(client) }

  var descriptor: Int32 { mosquitto_socket(client) }
  private(set) var isConnected = false

  private func connected(_ client: OpaquePointer, _ code: Int32, hasSession: Bool) {
    refusal = code
    guard code == 0 else {
      lastError = "the broker refused the connection: \(String(cString: mosquitto_connack_string(code)))"
      return
    }
    isConnected = true
    lastError = nil
    guard !topics.isEmpty else { return }
    // A session that the broker kept holds the subscription; its answer to a new one would come behind everything that waits.
    if hasSession { noteSubscription() }
    var names: [UnsafeMutablePointer<CChar>?] = topics.map { strdup($0) }
    mosquitto_subscribe_multiple(client, nil, Int32(names.count), &names, 1, 0, nil)
    for name in names { free(name) }
  }

  /// Sends a command, with QoS 0.
  func publish(_ topic: String, _ payload: [UInt8]) {
    mosquitto_publish(client, nil, topic, Int32(payload.count), payload, 0, false)
  }

  private func noteSubscription() {
    isSubscribed = true
    subscribedAt = microsecondsNow() / 1000
  }

  /// Connects, or connects again. False when the broker cannot be reached.
  func connect() -> Bool {
    isConnected = false
    // The address, not the name: `localhost` may mean ::1, where the broker does not listen.
    let code = mosquitto_connect(client, "127.0.0.1", port, 30)
    if code != 0 { fail(code) }
    return code == 0
  }

  private func fail(_ code: Int32) {
    isConnected = false
    isSubscribed = false
    hasMore = false
    if refusal == 0 { lastError = "broker: \(code == 14 ? Files.errorText() : String(cString: mosquitto_strerror(code)))" }
  }

  /// True when `read` stopped although more may have arrived already, perhaps where poll cannot see it.
  private(set) var hasMore = false

  /// Takes what has arrived, at most 500 packets at a time. False when the connection is lost.
  func read() -> Bool {
    hasMore = false
    for _ in 0..<500 {
      let before = messages
      let code = mosquitto_loop_read(client, 1)
      guard code == 0 else {
        fail(code)
        return false
      }
      // The library does not tell whether it read a packet: go on while it does, or while TLS holds decrypted bytes.
      let pending = mosquitto_ssl_get(client).map { SSL_pending(OpaquePointer($0)) } ?? 0
      if messages == before, pending == 0 { return true }
    }
    hasMore = true
    return true
  }

  /// Sends what waits and looks after the keepalive. False when the connection is lost.
  func maintain() -> Bool {
    if mosquitto_want_write(client) {
      let code = mosquitto_loop_write(client, 1)
      guard code == 0 else {
        fail(code)
        return false
      }
    }
    let code = mosquitto_loop_misc(client)
    if code != 0 { fail(code) }
    return code == 0
  }

  func disconnect() {
    mosquitto_disconnect(client)
    _ = mosquitto_loop_write(client, 1)
  }

  /// Connects once and leaves; throws unless the broker let it in.
  static func probe(folder: LabFolder, state: LabState) throws {
    let subscriber = try Subscriber(folder: folder, state: state, clientID: "heliograph-lab-\(getpid())", keepsSession: false, topics: [])
    guard subscriber.connect() else { throw LabError(subscriber.lastError ?? "no connection") }
    _ = poll(seconds: 3) { !subscriber.read() || !subscriber.maintain() || subscriber.isConnected }
    guard subscriber.isConnected else { throw LabError(subscriber.lastError ?? "no answer") }
    subscriber.disconnect()
  }
}
