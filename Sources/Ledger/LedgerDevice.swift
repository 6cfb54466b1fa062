/// One row of `devices`.
public struct LedgerDevice: Sendable, Equatable {
  public var id: String
  /// Number of the device through whose connection it speaks, or -1 for its own.
  public var gateway: Int
  /// Number of the device whose id it shares, or -1.
  public var twinOf: Int
  /// 0 no twin, 1 clone, 2 second link.
  public var twin: UInt8

  public init(id: String, gateway: Int = -1, twinOf: Int = -1, twin: UInt8 = 0) {
    self.id = id
    self.gateway = gateway
    self.twinOf = twinOf
    self.twin = twin
  }
}
