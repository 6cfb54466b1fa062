import Firmware
import FleetSpec
import World

/// The link of all devices of a fleet over one protocol: what a run sees of a transport.
///
/// Nothing here calls back into firmware: what the network did is queued in `events`, and the owner takes it from there. Nothing blocks,
/// but for `settle`. All of it belongs to the thread of its event loop.
///
/// What every transport keeps, whatever its protocol:
/// - A device's messages have numbers above 0, and arrive in the order in which they were published.
/// - `publish` answers 0 when it cannot take a reading now. The firmware keeps it and tries again when something is acknowledged or when it wakes.
/// - After `cut`, and after a loss that the network caused, what was not acknowledged stays with the session and goes out again, in order,
///   after the next `connected`; acknowledgements of earlier transmissions that come in between count for nothing.
/// - `loseSession` forgets what was not acknowledged.
/// - After `disconnect` nothing of the device is sent any more.
public protocol FleetLink: DeviceLink {
  /// What happened since the owner last emptied this.
  var events: [LinkEvent] { get set }
  /// Devices that are connected now.
  var connectedCount: Int { get }
  /// True while no connection attempt is under way or waits for its turn.
  var isQuiet: Bool { get }
  /// Wall-clock milliseconds from any fixed origin; the owner keeps it current.
  var now: Int64 { get set }
  /// True time at the devices, for protocols that send it; the owner keeps it current.
  var time: Milliseconds { get set }
  /// Readings put on the wire by the firmware, repeats included, re-deliveries by the session not.
  var published: Int64 { get }
  /// Bytes of their payloads.
  var publishedBytes: Int64 { get }
  /// What else there is to say of the run, in words for its log.
  var notes: [String] { get }
  /// Why going on is of no use: for some time now nothing is accepted, for a reason that lies in the configuration. Nil otherwise.
  var refusal: LinkFailure? { get }
  /// What the transport has counted of its own, for people, one line for each kind of figure.
  var summary: [String] { get }
  /// Time-outs, keepalives and what else is due now and then; to be called about every 100 ms.
  func housekeeping()
  /// Waits for what is on its way, when firmware will publish nothing more; may block. What it learns is in `events`.
  ///
  /// Whatever has no answer by then is dropped from the link: nothing goes out any more behind the ledger's back.
  /// - Parameter milliseconds: the longest time that it may take, of the wall clock.
  func settle(within milliseconds: Int64)
  /// What this transport alone has to say at the end, as rows of the ledger's table `run`.
  var facts: [(key: String, value: String)] { get }
  /// What people must know to look at this transport from outside, such as a port that was chosen just now; nil for nothing.
  var announcement: String? { get }
}

extension FleetLink {
  public var time: Milliseconds {
    get { 0 }
    set {}
  }

  public var notes: [String] { [] }
  public var refusal: LinkFailure? { nil }
  public var summary: [String] { [] }
  public func settle(within milliseconds: Int64) {}
  public var facts: [(key: String, value: String)] { [] }
  public var announcement: String? { nil }
}
