import FleetSpec
import Reconciliation
import World

/// Watches a reconciliation and says afterwards what the pipeline did.
public final class Diagnostician: JudgementObserver {
  public init() {}

  public func begin(_ run: ObservedRun) -> Bool { false }

  public func observe(_ phantom: PhantomRow) {}

  public func observe(_ reading: JudgedReading) {}

  /// What was found; `Diagnosis.healthy` when nothing was wrong.
  public func diagnose() -> Diagnosis { .healthy }
}
