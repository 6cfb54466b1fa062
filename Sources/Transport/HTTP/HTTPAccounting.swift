/// What servers said, counted. Adding allocates nothing.
public struct HTTPAccounting: Sendable {
  /// Requests by status.
  public private(set) var requestsByStatus = [Int64](repeating: 0, count: 600)
  /// Readings by the status of the request that carried them; those of a request that was sent again count once for each answer.
  public private(set) var readingsByStatus = [Int64](repeating: 0, count: 600)
  /// Requests put on the wire, each attempt counted.
  public internal(set) var requests: Int64 = 0
  /// Attempts of requests that had been sent before.
  public internal(set) var retries: Int64 = 0
  /// Requests without an answer in time: they may or may not have arrived.
  public internal(set) var timedOut: Int64 = 0
  /// Requests that ended with their connection, or that the device gave up: they may or may not have arrived.
  public internal(set) var broken: Int64 = 0
  /// Readings that a server refused for good.
  public internal(set) var refusedReadings: Int64 = 0
  /// Bytes of bodies put on the wire, packed if they are, each attempt counted.
  public internal(set) var bodyBytes: Int64 = 0
  /// As it is spoken: 1 for 1.1, 2 for 2; 0 before the first answer.
  public internal(set) var spokenVersion = 0

  mutating func count(status: Int, readings: Int) {
    let index = min(max(status, 0), 599)
    requestsByStatus[index] += 1
    readingsByStatus[index] += Int64(readings)
  }

  /// The statuses that came, in order.
  public var statuses: [(status: Int, requests: Int64, readings: Int64)] {
    requestsByStatus.indices.filter { requestsByStatus[$0] > 0 }.map { ($0, requestsByStatus[$0], readingsByStatus[$0]) }
  }
}
