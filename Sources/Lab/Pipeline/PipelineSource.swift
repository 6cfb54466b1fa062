/// Where a pipeline's messages come from. All sources take turns on one thread: nothing here may block.
///
/// A source that owes somebody an answer, or has to remember how far it came, keeps the receipt of each message and acts when `stored` tells
/// of as many rows.
protocol PipelineSource: AnyObject {
  /// Set by the pipeline: takes one message.
  var receive: ((UnsafePointer<CChar>?, UnsafeRawBufferPointer) -> PipelineReceipt)? { get set }
  /// What may become readable; empty while there is nothing to wait for.
  var descriptors: [Int32] { get }
  /// True when there is something to do at once.
  var hasMore: Bool { get }
  /// True while somebody waits for rows to be stored, so that a batch should not wait long for others.
  var isAwaited: Bool { get }
  /// True while messages can come.
  var isServing: Bool { get }
  /// When that began last, milliseconds since 1970; 0 for never.
  var servingSince: Int64 { get }
  var lastError: String? { get }
  /// Takes what has arrived and does what is due; called at least about every 50 ms.
  /// - Parameter isReady: whether one of `descriptors` is readable or broken.
  func work(isReady: Bool)
  /// So many rows of this process are in the store.
  func stored(_ rows: UInt64)
  func close()
}

/// What became of a message on its way to the store.
struct PipelineReceipt {
  /// False when it was malformed.
  var isAccepted: Bool
  /// The message is safe when so many rows of this process are in the store.
  var rows: UInt64
}

/// The subscription to the lab's broker. The broker has its acknowledgement when the pipeline has read a message.
final class BrokerSource: PipelineSource {
  var receive: ((UnsafePointer<CChar>?, UnsafeRawBufferPointer) -> PipelineReceipt)? {
    didSet {
      guard let receive else {
        subscriber.onMessage = nil
        return
      }
      subscriber.onMessage = { topic, payload in _ = receive(topic, payload) }
    }
  }
  private let subscriber: Subscriber
  private var isConnected = false

  init(_ subscriber: Subscriber) { self.subscriber = subscriber }

  var descriptors: [Int32] { isConnected ? [subscriber.descriptor] : [] }
  var hasMore: Bool { isConnected && subscriber.hasMore }
  var isAwaited: Bool { false }
  var isServing: Bool { subscriber.isSubscribed }
  var servingSince: Int64 { subscriber.subscribedAt }
  var lastError: String? { subscriber.lastError }

  func work(isReady: Bool) {
    guard isConnected else {
      isConnected = subscriber.connect()
      return
    }
    isConnected = (!(isReady || subscriber.hasMore) || subscriber.read()) && subscriber.maintain()
  }

  func stored(_ rows: UInt64) {}

  func close() { if isConnected { subscriber.disconnect() } }
}
