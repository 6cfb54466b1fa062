/// How much of the fleet is there at which time, and how often it measures: an open-model schedule, which never waits for the pipeline.
public struct LoadPlan: Sendable, Equatable {
  /// Readings per second that the whole fleet offers while every factor is 1; nil for what the profiles' intervals make.
  public var rate: Double?
  /// One after the other from the start of the run on; the last values hold from there on. Empty: all devices at their usual rate.
  public var phases: [LoadPhase] = []
  public var spikes: [LoadSpike] = []

  public init() {}
}

/// A stretch over which the load moves in a straight line from where the phase before has left it.
public struct LoadPhase: Sendable, Equatable {
  /// Above 0.
  public var length: Milliseconds
  /// Share of the connections that are there when the phase ends, 0...1; nil leaves it as it is. The first phase begins with none.
  public var devices: Double?
  /// Factor on the rate of sampling when the phase ends, 0...1000; nil leaves it as it is. The first phase begins with 1.
  public var rate: Double?
}

/// Something sudden.
public struct LoadSpike: Sendable, Equatable {
  public enum Kind: Sendable, Equatable {
    /// Every device samples faster by this factor: an alarm storm.
    case rate(Double)
    /// This share of the connections loses its network at once and returns at once: a reconnect storm.
    case cut(Double)
  }
  /// Since the start of the run.
  public var after: Milliseconds
  public var length: Milliseconds
  public var kind: Kind
}
