import FleetSpec
import World

/// What gets through an open connection.
public enum LinkFlow: UInt8, Sendable {
  case open
  /// Messages arrive at the broker; nothing comes back.
  case outgoingOnly
  /// Nothing gets out or in.
  case none
}

/// What firmware asks of the network. Calls never block; outcomes come back through `DeviceFirmware.linkConnected`, `linkLost` and `acknowledged`.
public protocol DeviceLink: AnyObject {
  /// Starts a connection attempt.
  func connect(_ device: Int)
  /// Sends a reading over an open connection. Returns the message's number on that connection (above 0), or 0 when the link cannot take it.
  /// - Parameters:
  ///   - device: who measured it, index in `World.devices`.
  ///   - copy: 0 for the reading's own event id, above for a new one.
  ///   - connection: who sends it: the device itself, or its gateway.
  func publish(_ reading: Reading, of device: Int, copy: Int, over connection: Int) -> Int32
  /// Breaks the connection without a goodbye. What was not acknowledged stays with the session and goes out again after the next connect.
  func cut(_ device: Int)
  /// Breaks the connection and forgets the session, as a power cut does.
  func loseSession(_ device: Int)
  /// Ends the connection in good order.
  func disconnect(_ device: Int)
  /// Lets less or more through an open connection. A new connection begins open; firmware publishes nothing while the flow is `none`.
  ///
  /// Acknowledgements that come during `outgoingOnly` are lost when the connection is cut before the flow is open again.
  func setFlow(_ flow: LinkFlow, of device: Int)
  /// Called at the end of each step of a connection's firmware: nothing more comes now, and what the link gathered may go out.
  func flush(_ device: Int)
}

extension DeviceLink {
  public func flush(_ device: Int) {}
}

/// How the delivery of a reading ended, as far as the device can know.
public enum DeliveryOutcome: UInt8, Sendable {
  /// At least one acknowledgement came.
  case acknowledged = 1
  /// It was sent, but no acknowledgement came: it may or may not have arrived.
  case unconfirmed = 2
  /// It was never sent and the device has lost it: buffer overflow or loss of power.
  case discarded = 3
  /// It was never sent and still lay in the buffer when the run ended.
  case withheld = 4
}

/// The delivery of one reading, told once, when nothing more can happen to it.
public struct Delivery: Sendable, Equatable {
  public var device: Int
  public var seq: Int64
  public var outcome: DeliveryOutcome
  /// How often the reading was put on the wire.
  public var attempts: Int32
  /// Under how many event ids.
  public var ids: Int32 = 1
  /// When it was measured, true time.
  public var trueTime: Milliseconds
  /// When it was first sent, or 0.
  public var firstSent: Milliseconds
  /// When it was last sent, or 0.
  public var lastSent: Milliseconds
  /// When the first acknowledgement came, or 0.
  public var acknowledgedAt: Milliseconds
}

/// Something that happened to a device, for its life story.
public enum DeviceEvent: UInt8, Sendable {
  case connected = 1
  case connectionLost = 2
  case powerLost = 3
  case powerReturned = 4
  case networkLost = 5
  case networkReturned = 6
  /// The connection was cut on purpose right after this reading was sent.
  case cutAfterPublish = 7
  /// This reading went out again after a reconnect.
  case sentAgain = 8
  /// The application sent this acknowledged reading once more.
  case repeated = 9
  /// The reading was held back on purpose.
  case heldBack = 10
  case acknowledgementTimedOut = 11
  /// A reading gave way in a full buffer.
  case overflowed = 12
  /// The gateway had no power, or the radio lost the reading on its way to it.
  case unheard = 13
  /// A planned upload began.
  case uploadBegan = 20
  /// All that an upload had to send was acknowledged.
  case uploadEnded = 21
  /// Nothing gets through the link any more, although it looks open.
  case linkDied = 22
  case linkRevived = 23
  /// Acknowledgements do not come back any more.
  case acknowledgementsStopped = 24
  case acknowledgementsResumed = 25
  case certificateExpired = 26
  case certificateRenewed = 27
  /// A connection attempt failed because of a dead link or an expired certificate. It is simulated: nothing was sent.
  case attemptFailed = 28
  /// Nothing was heard for two keepalives; the device gave the connection up.
  case keepaliveMissed = 29
  /// This reading was older than the buffer's maximum age, and discarded.
  case expired = 30
  /// After a loss of power this acknowledged reading goes out again, because the acknowledgement pointer was not saved.
  case resentAfterReboot = 31
  /// The application sent this acknowledged reading once more, under a new event id.
  case repeatedWithNewID = 40
  /// This acknowledged reading was sent once more with a whole batch of others.
  case batchReplayed = 41
  /// Somebody commanded another interval between samples that are sent.
  case commandedInterval = 50
  case commandedReboot = 51
  case commandedRebirth = 52
  /// A command came that the device does not understand.
  case commandNotUnderstood = 53
  /// This reading was not sent because a command wants fewer, and discarded.
  case thinnedOut = 54
  /// The broker answered this reading with a failure.
  case rejectedByBroker = 55
}

/// Keeps what the network decided.
public protocol DeliveryRecorder: AnyObject {
  /// Called for each reading when it is measured, those of a device in the order of their numbers.
  /// - Parameter device: who measured it, index in `World.devices`.
  func measured(_ reading: Reading, device: Int)
  func record(_ delivery: Delivery)
  /// - Parameter seq: the reading that the event is about, or -1.
  func note(_ event: DeviceEvent, device: Int, seq: Int64, at time: Milliseconds)
}

extension DeliveryRecorder {
  public func measured(_ reading: Reading, device: Int) {}
}
