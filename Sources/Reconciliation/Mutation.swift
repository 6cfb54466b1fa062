/// Ways to break the reconciler on purpose, to show that the proof notices. Only this package's own proof and tests can set one.
package enum Mutation: String, CaseIterable, Sendable {
  /// Buckets are compared by their number of rows alone.
  case blindDigests = "blind_digests"
  /// Attributes are not compared unless a bucket is looked at for another reason.
  case ignoresAttributes = "ignores_attributes"
  /// Rows far from the run are not looked for.
  case ignoresRowsOutside = "ignores_rows_outside"
  /// What was never acknowledged is claimed to be lost.
  case unconfirmedIsLost = "unconfirmed_is_lost"
  /// The pipeline may drop nothing for being late.
  case forgetsLateness = "forgets_lateness"
  /// Each reading may have one row, whatever the contract says.
  case allowsOneRow = "allows_one_row"
  /// Each reading may have any number of rows.
  case allowsAnyRows = "allows_any_rows"
  /// No stray is ever matched with a missing reading.
  case matchesNoStrays = "matches_no_strays"
  /// A store that still changes counts as one at rest.
  case alwaysDrained = "always_drained"
  /// Nothing is expected to be rejected.
  case expectsMalformed = "expects_malformed"
  /// Rows of other runs are this run's.
  case takesOtherRuns = "takes_other_runs"
  /// What is still on the device counts as discarded.
  case withheldIsDiscarded = "withheld_is_discarded"
  /// What went over a second link is not known.
  case forgetsSecondLinks = "forgets_second_links"
}
