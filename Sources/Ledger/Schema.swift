/// The ledger file's layout. Its description for people is docs/ledger.md; a test holds the two together.
enum Schema {
  /// Raised whenever the meaning of a column changes, or one is added.
  static let version: Int64 = 3
  /// The oldest version that can still be read: it lacks `gateway`, `twin_of` and `twin` of devices and `ids` of deliveries. Version 2
  /// lacks `digests`.
  static let oldestVersion: Int64 = 1

  static let tables = """
    CREATE TABLE run (
      key TEXT PRIMARY KEY,
      value TEXT NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE devices (
      device INTEGER PRIMARY KEY,
      id TEXT NOT NULL,
      measured INTEGER NOT NULL,
      gateway INTEGER NOT NULL,
      twin_of INTEGER NOT NULL,
      twin INTEGER NOT NULL
    );
    CREATE TABLE deliveries (
      device INTEGER NOT NULL,
      run INTEGER NOT NULL,
      first_seq INTEGER NOT NULL,
      last_seq INTEGER NOT NULL,
      outcome INTEGER NOT NULL,
      attempts INTEGER NOT NULL,
      first_sent INTEGER NOT NULL,
      last_sent INTEGER NOT NULL,
      acknowledged_at INTEGER NOT NULL,
      delay_min INTEGER NOT NULL,
      delay_max INTEGER NOT NULL,
      ids INTEGER NOT NULL,
      PRIMARY KEY (device, run)
    ) WITHOUT ROWID;
    CREATE TABLE digests (
      device INTEGER NOT NULL,
      first_seq INTEGER NOT NULL,
      last_seq INTEGER NOT NULL,
      bucket INTEGER NOT NULL,
      version INTEGER NOT NULL,
      left_out INTEGER NOT NULL,
      sums BLOB NOT NULL,
      PRIMARY KEY (device, first_seq)
    ) WITHOUT ROWID;
    CREATE TABLE timeline (
      device INTEGER NOT NULL,
      at INTEGER NOT NULL,
      event INTEGER NOT NULL,
      seq INTEGER NOT NULL
    );
    CREATE TABLE metrics (
      at INTEGER NOT NULL,
      name TEXT NOT NULL,
      value INTEGER NOT NULL
    );
    CREATE TABLE histograms (
      name TEXT NOT NULL,
      upper_bound INTEGER NOT NULL,
      count INTEGER NOT NULL,
      PRIMARY KEY (name, upper_bound)
    ) WITHOUT ROWID;
    """

  /// Made when the run ends, so that writing stays cheap.
  static let indexes = "CREATE INDEX IF NOT EXISTS timeline_by_device ON timeline (device, at);"
}
