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
      Field("store", .object(StoreDescription.shape), .optional, "Where the rows are; not needed to trace or plan a fleet."),
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
}
