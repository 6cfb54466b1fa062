/// The keys under `pipeline.store`.
enum StoreDescription {
  static let shape = ObjectShape(
    name: "pipeline.store", noun: "a store",
    documentation: """
      Where the rows are and which column holds what. The standard values describe the narrow table `sensor_readings`. \
      QuestDB and PostgreSQL are read over PostgreSQL's protocol; nothing is ever written. \
      Where a column is asked for, `column->field` names a field inside a column that holds JSON. See docs/mapping.md for an example of each kind of table.
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
        "identity", .keyword("none", or: .listOrObject(of: .text(.columnReference), atLeast: 1, identity)),
        .standard("[sensor_id, timestamp]"),
        "What tells rows apart. A list of two columns: the one that holds `<device>.<sensor>` (in a wide table: the device's id), and the timestamp's; or a mapping; or `none` when nothing in a row says whose it is."
      ),
      Field(
        "values", .map(keys: .text(.line), values: .text(.columnReference)), .standard("{ value: value }"),
        "The column that holds the measured value, as `{value: COLUMN}`; in a wide table a column for each sensor, by the sensor's name or its type: `{ac_power: p_ac, TEMPERATURE: temp}`."
      ),
      Field(
        "attributes", .map(keys: .choice(AttributeMapping.Field.allCases.map(\.rawValue)), values: .text(.columnReference)),
        .standard("{ site_id: site_id, device_id: asset_id, sensor_type: sensor_type, unit: unit, quality: quality_flag }"),
        "Fields of a reading that are compared, each with its column; `{}` for none. What is left out is ignored. The standard value of wide tables and of `identity: none` is `{}`."
      ),
      Field(
        "ingested_at", .keyword("none", or: .text(.column)), .standard("ingested_at"),
        "Column of the time of arrival; `none` when there is none, and lateness cannot be observed."),
      Field(
        "filter", .map(keys: .text(.columnReference), values: .oneOrList(of: .text(.line))), .standard("{}"),
        "Which rows of a shared table are looked at: each column must hold the value, or one of the list: `{tenant: demo, region: [eu, us]}`."
      ),
      Field(
        "tolerance", .keyword("exact", or: .keyword("float32", or: .object(tolerance))), .standard("exact"),
        "How far a stored value may be from the one that was sent: not at all, by the rounding to a 32-bit floating-point number, or by a number."
      ),
    ])

  static let identity = ObjectShape(
    name: "pipeline.store.identity", noun: "an identity",
    documentation: """
      The columns that say which reading a row is; the timestamp comes on top. With `seq` or `event_id`, readings with the same \
      timestamp are told apart, and a row at a wrong timestamp is recognised as what it is, whatever its value.
      """,
    fields: [
      Field("sensor", .text(.columnReference), .optional, "Column with `<device>.<sensor>`."),
      Field("device", .text(.columnReference), .optional, "Column with the device's id."),
      Field("sensor_name", .text(.columnReference), .optional, "Column with the sensor's name, next to `device`."),
      Field(
        "seq", .text(.columnReference), .optional,
        "Column with the number that the payload bears under `metadata: seq`; firmware that forgets it at a boot makes it ambiguous."),
      Field("event_id", .text(.columnReference), .optional, "Column with the payload's `event_id`, `<device>:<boot>:<number>`."),
    ])

  static let tolerance = ObjectShape(
    name: "pipeline.store.tolerance", noun: "a tolerance", documentation: "How far a stored value may be from the one that was sent.",
    fields: [
      Field("absolute", .number(.plain, 0...1e12, "0.01"), .optional, "In the sensor's unit."),
      Field("relative", .share, .optional, "Of the value that was sent."),
    ])
}
