/// Where the pipeline's messages come from.
protocol PipelineSource: AnyObject {
  /// Called for each message, with its topic, on the thread that calls `read`.
  var onMessage: ((UnsafePointer<CChar>?, UnsafeRawBufferPointer) -> Void)? { get set }
  var isSubscribed: Bool { get }
  /// Milliseconds since 1970; 0 for never.
  var subscribedAt: Int64 { get }
  var lastError: String? { get }
  /// Readable when there is something to read.
  var descriptor: Int32 { get }
  /// True when `read` stopped although more may have arrived already.
  var hasMore: Bool { get }
  /// By partition, the offset behind the last message that was handed over; empty where messages have none.
  var offsets: [Int32: Int64] { get }
  /// Connects, or connects again. False when the broker cannot be reached.
  func connect() -> Bool
  /// Takes what has arrived, up to a limit. False when the connection is lost.
  func read() -> Bool
  /// Does what has to be done from time to time. False when the connection is lost.
  func maintain() -> Bool
  /// What lies before these offsets needs not be handed over again.
  func commit(_ offsets: [Int32: Int64])
  func disconnect()
}

extension PipelineSource {
  var offsets: [Int32: Int64] { [:] }
  func commit(_ offsets: [Int32: Int64]) {}
}
