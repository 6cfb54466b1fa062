/// The keys under `pipeline`.
enum PipelineDescription {
  static let shape = ObjectShape(
    name: "pipeline", noun: "a pipeline's contract",
    documentation: "What the pipeline under test promises. Whether a missing row is a loss depends on it.",
    fields: [
      Field(
        "delivery", .words(Pipeline.Delivery.self), .standard("at-least-once"),
        "What is promised about acknowledged messages."),
      Field(
        "dedup", .objectOrNone(deduplication), .standard("{ keys: [sensor_id, timestamp], window: 60s }"),
        "Whether repeated messages are stored once; `none` when nothing is promised."),
      Field(
        "allowed_lateness", .keyword("forever", or: .duration(0...100 * Limits.year)), .standard("24h"),
        "Readings that arrive later than this after their timestamp may be dropped."),
      Field(
        "future_tolerance", .keyword("forever", or: .duration(0...100 * Limits.year)), .standard("1h"),
        "Readings stamped further ahead of their arrival than this may be dropped."),
      Field(
        "malformed", .words(Pipeline.MalformedPolicy.self), .standard("reject"),
        "What is promised about payloads that are broken on purpose."),
      Field(
        "settling", .duration(0...Limits.day), .standard("5s"),
        "A store whose rows have not changed for this long has caught up."),
      Field("store", .object(store), .optional, "Where the rows are; not needed to trace or plan a fleet."),
    ])

  static let deduplication = ObjectShape(
    name: "pipeline.dedup", noun: "a deduplication", documentation: "A promise to store each reading once although it is sent more often.",
    fields: [
      Field(
        "keys", .list(of: .choice(["sensor_id", "timestamp", "event_id"]), atLeast: 1), .standard("[sensor_id, timestamp]"),
        "The fields that make two messages the same."),
      Field(
        "window", .keyword("forever", or: .duration(1...100 * Limits.year)), .standard("forever"), "How long a key is remembered."),
    ])

  static let store = ObjectShape(
    name: "pipeline.store", noun: "a store",
    documentation: """
      Where the rows are and which column holds what. The standard values describe the narrow table `sensor_readings`. \
      QuestDB and PostgreSQL are read over PostgreSQL's protocol; nothing is ever written.
      """,
    fields: [
      Field(
        "url", .text(.storeURL), .required,
        "`postgresql://user@host:port/database` without a password, or `postgresql:///database?host=/socket/folder`."),
      Field("password", .secret, .optional, "Where the password is found."),
      Field("table", .text(.table), .standard("sensor_readings"), "`table` or `schema.table`."),
      Field("timestamp", .text(.column), .standard("timestamp"), "Column of the device's timestamp."),
      Field(
        "timestamp_unit", .words(StoreMapping.TimestampUnit.self), .standard("timestamp"),
        "`timestamp` for a column of that type, otherwise the unit in which a number counts since 1970."),
      Field(
        "identity", .list(of: .text(.column), atLeast: 1), .standard("[sensor_id, timestamp]"),
        "The two columns that tell rows apart: the one that holds `<device>.<sensor>`, and the timestamp's."),
      Field(
        "values", .map(keys: .choice(["value"]), values: .text(.column)), .standard("{ value: value }"),
        "The column that holds the measured value."),
      Field(
        "attributes", .map(keys: .choice(AttributeMapping.Field.allCases.map(\.rawValue)), values: .text(.column)),
        .standard("{ site_id: site_id, device_id: asset_id, sensor_type: sensor_type, unit: unit, quality: quality_flag }"),
        "Fields of a reading that are compared, each with its column; `{}` for none."),
      Field(
        "ingested_at", .keyword("none", or: .text(.column)), .standard("ingested_at"),
        "Column of the time of arrival; `none` when there is none, and lateness cannot be observed."),
    ])
}
