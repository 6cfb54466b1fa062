/// What a pipeline did to readings that it should have stored as they were sent. The raw values are an interface: `verdicts.json` has them.
public enum Cause: String, Sendable, CaseIterable, Codable {
  /// Drops what arrives too long after its timestamp.
  case latenessCutOff = "lateness_cut_off"
  /// Drops what is stamped too far ahead of its arrival.
  case futureCutOff = "future_cut_off"
  /// Remembers keys for a shorter time than promised, or not at all, so that repeats are stored again.
  case deduplicationWindow = "deduplication_window"
  /// Takes different readings for the same one, because it compares fewer fields than promised.
  case deduplicationKeys = "deduplication_keys"
  /// Takes a real reading for a repeat because its value is close to an earlier one.
  case similarValueDeduplication = "similar_value_deduplication"
  /// Reads a timestamp in the wrong unit.
  case timeUnit = "time_unit"
  /// Stores the time of arrival in the wrong unit.
  case arrivalTimeUnit = "arrival_time_unit"
  /// Adds a constant to timestamps, for example the offset of a time zone.
  case timeOffset = "time_offset"
  /// Stores values with the precision of a 32-bit floating-point number.
  case singlePrecision = "single_precision"
  /// Stores values with fewer decimal places, or none.
  case rounding
  /// Stores values in another unit, scaled or negated.
  case unitScale = "unit_scale"
  /// Stores NULL in place of a value, or loses what goes with a null.
  case nullHandling = "null_handling"
  /// Treats zero as if nothing had been measured.
  case zeroHandling = "zero_handling"
  /// Does not expect that a counter begins anew.
  case counterRollOver = "counter_roll_over"
  /// Loses nearly everything that arrives within a short time.
  case lossBurst = "loss_burst"
  /// Processes a contiguous stretch of its input twice.
  case crashReplay = "crash_replay"
  case lossByPartition = "loss_by_partition"
  case lossBySite = "loss_by_site"
  case lossByFirmware = "loss_by_firmware"
  /// Of a sensor, a type of sensor, or a quality.
  case lossBySensor = "loss_by_sensor"
  case lossByDevice = "loss_by_device"
  /// Payloads of one kind are lost, or stored although they are malformed.
  case payloadKind = "payload_kind"
  /// Loses readings between broker and store, whatever they are.
  case brokerStoreGap = "broker_store_gap"
  /// Writes some readings twice, whatever they are.
  case repeatedWrites = "repeated_writes"
  /// Makes rows up.
  case inventedRows = "invented_rows"
  /// The table has nothing that tells two readings apart.
  case missingID = "missing_id"
  case unexplained
}
