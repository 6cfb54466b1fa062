import Glibc
import Store
import StoreFixtures
import Testing

@Suite struct StreamTests {
  /// Resident memory of this process in bytes.
  static func residentMemory() -> Int {
    guard let file = fopen("/proc/self/statm", "r") else { return 0 }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 128)
    fgets(&line, 128, file)
    let fields = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self).split(separator: " ")
    return (fields.count > 1 ? Int(fields[1]) ?? 0 : 0) * Int(sysconf(Int32(_SC_PAGESIZE)))
  }

  @Test(arguments: Engine.available)
  func aMillionRowsStreamInBoundedMemory(engine: Engine) throws {
    let connection = try engine.connect()
    let sql =
      engine == .questDB
      ? "select x, cast(x as timestamp) as t, x * 0.5 as v, concat('inv-', x, '.ac_power') as s from long_sequence(1000000)"
      : """
      select x, timestamp '1970-01-01' + x * interval '1 microsecond' as t, x * cast(0.5 as double precision) as v, \
      'inv-' || x || '.ac_power' as s from generate_series(cast(1 as bigint), 1000000) as g(x)
      """
    var count: Int64 = 0
    var wrong = 0
    var bytes = 0
    var before = 0
    var most = 0
    try connection.forEachRow(sql) { row in
      count += 1
      let x = try row.integer(0)
      let time = try row.timestampMicroseconds(1)
      let value = try row.double(2)
      if x != count || time != count || value != Double(count) * 0.5 { wrong += 1 }
      bytes += try row.withUTF8(3) { $0?.count ?? 0 }
      if count == 1_000 { before = Self.residentMemory() }
      if count % 20_000 == 0 { most = max(most, Self.residentMemory()) }
    }
    #expect(count == 1_000_000)
    #expect(wrong == 0)
    #expect(bytes == 5_888_896 + 13 * 1_000_000)
    print("\(engine): resident memory grew by \((most - before) / 1_024) KiB over a million rows")
    #expect(most - before < 50 * 1_048_576)
  }
}
