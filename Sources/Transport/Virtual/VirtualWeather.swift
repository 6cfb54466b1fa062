/// How a virtual network misbehaves. All chances are 0...1, drawn for each message or attempt by itself.
public struct VirtualWeather: Sendable, Equatable {
  /// Chance that a message breaks the connection before it arrives.
  public var loss: Double
  /// Chance that a message arrives and its acknowledgement breaks the connection.
  public var lostAcknowledgement: Double
  /// Chance that a connection attempt fails.
  public var refusal: Double

  public init(loss: Double = 0, lostAcknowledgement: Double = 0, refusal: Double = 0) {
    self.loss = loss
    self.lostAcknowledgement = lostAcknowledgement
    self.refusal = refusal
  }
}
