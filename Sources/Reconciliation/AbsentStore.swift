import FleetSpec
import Store

/// Stands in for a store that cannot be reached: whoever asks it for rows gets the reason.
public final class AbsentStore: RowStore {
  private let reason: StoreError

  public init(_ reason: StoreError) { self.reason = reason }

  public var knowsArrivals: Bool { false }
  public func rowCount(in window: StoreWindow) throws -> Int64 { throw reason }
  public func digests(in window: StoreWindow, bucket: Milliseconds, keys: DigestKeys, _ body: (BucketDigest) throws -> Void) throws {
    throw reason
  }
  public func allRows(in window: StoreWindow, _ body: (TableRow) throws -> Void) throws { throw reason }
  public func rows(of sensorIDs: [String], in window: StoreWindow, _ body: (TableRow) throws -> Void) throws { throw reason }
  public func rowsOutside(_ window: StoreWindow, _ body: (TableRow) throws -> Void) throws { throw reason }
}
