import Foundation
import Testing

@testable import Lab

/// nginx, the pipeline and the store, asked by curl.
@Suite(.serialized, .tags(.realParts)) struct FrontTests {
  private func lab() throws -> LabFixture {
    let fixture = try LabFixture(http: true)
    return fixture
  }

  /// The status and the body of one request.
  private func post(
    _ fixture: LabFixture, _ body: Data, token: String? = nil, extra: [String] = [], path: String = Front.path
  ) throws -> (status: String, body: String) {
    let file = "\(fixture.folder)/body.\(UUID().uuidString)"
    try body.write(to: URL(fileURLWithPath: file))
    defer { unlink(file) }
    let own = try String(contentsOfFile: "\(fixture.folder)/secrets/http-token", encoding: .utf8).trimmingCharacters(in: .newlines)
    let port = try #require(try fixture.state.front?.port)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/curl")
    process.arguments =
      [
        "-s", "--cacert", "\(fixture.folder)/certificates/ca.crt", "-H", "Authorization: Bearer \(token ?? own)", "--data-binary",
        "@\(file)",
      ]
      + ["-w", "\n%{http_code} %{http_version}", "-m", "30"] + extra + ["https://localhost:\(port)\(path)"]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    return (String(lines.last ?? ""), lines.dropLast().joined(separator: "\n"))
  }

  @Test func answersArePromises() throws {
    let fixture = try lab()
    let readings = TestReading.fleet(devices: 2, samples: 5)
    let array = Data(("[" + readings.map(\.json).joined(separator: ",") + "]").utf8)
    let answer = try post(fixture, array)
    #expect(answer.status == "202 2", "\(answer)")
    #expect(answer.body.contains("\"accepted\":20,\"rejected\":0"))
    // No waiting: what is answered is stored.
    #expect(try judge(readings, fixture.rows()).isEmpty && fixture.rows().count == 20)
    // The same once more makes no row, and is no error.
    #expect(try post(fixture, array, extra: ["--http1.1"]).status == "202 1.1")
    #expect(try fixture.rows().count == 20)
    // The broker serves as ever, and the same readings are known whichever way they came.
    try fixture.publish(readings)
    fixture.waitUntilDrained(received: 60)
    #expect(try fixture.rows().count == 20)

    try refusals(fixture, readings[0])
    try packed(fixture)
    try theFrontCanGoAndComeBack(fixture)
  }

  private func refusals(_ fixture: LabFixture, _ reading: TestReading) throws {
    #expect(try post(fixture, Data("[{\"event_id\":\"x\"}]".utf8)).status == "400 2")
    #expect(try post(fixture, Data("[\(reading.json.dropLast(9))]".utf8)).status == "400 2")
    #expect(try post(fixture, Data("nonsense".utf8)).status == "400 2")
    #expect(try post(fixture, Data("[]".utf8)).status == "202 2")
    let mixed = try post(fixture, Data("[\(reading.json),{\"event_id\":\"x\"}]".utf8))
    #expect(mixed.status == "202 2" && mixed.body.contains("\"accepted\":1,\"rejected\":1"))
    #expect(try post(fixture, Data("[]".utf8), token: "wrong").status == "401 2")
    #expect(try post(fixture, Data("[]".utf8), path: "/elsewhere").status == "404 2")
    #expect(try post(fixture, Data("[]".utf8), extra: ["-X", "PUT"]).status == "405 2")
    let isWritten = poll(seconds: 10) { (Files.text(fixture.lab.rejectedFile) ?? "").split(separator: "\n").count == 4 }
    #expect(isWritten)
  }

  private func packed(_ fixture: LabFixture) throws {
    let readings = TestReading.fleet(devices: 1, samples: 3, prefix: "packed")
    let file = "\(fixture.folder)/plain"
    try Data(("[" + readings.map(\.json).joined(separator: ",") + "]").utf8).write(to: URL(fileURLWithPath: file))
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/gzip")
    process.arguments = [file]
    try process.run()
    process.waitUntilExit()
    let body = try Data(contentsOf: URL(fileURLWithPath: file + ".gz"))
    #expect(try post(fixture, body, extra: ["-H", "Content-Encoding: gzip"]).status == "202 2")
    #expect(try fixture.rows().count == 26)
    #expect(try post(fixture, body.dropLast(4), extra: ["-H", "Content-Encoding: gzip"]).status == "400 2")
  }

  private func theFrontCanGoAndComeBack(_ fixture: LabFixture) throws {
    for path in ["secrets/http-token", "front/nginx.conf"] {
      let attributes = try FileManager.default.attributesOfItem(atPath: "\(fixture.folder)/\(path)")
      #expect(attributes[.posixPermissions] as? Int == 0o600, "\(path)")
    }
    let connection = try String(contentsOfFile: fixture.lab.connectionFile, encoding: .utf8)
    #expect(connection.contains("https://localhost:\(try fixture.state.front?.port ?? 0)/api/v1/telemetry"))
    #expect(try fixture.lab.status().part(.front)?.state == .running)
    try fixture.lab.kill(.front, signal: SIGKILL)
    #expect(try post(fixture, Data("[]".utf8)).status == "000 0")
    try fixture.lab.start(.front)
    #expect(try post(fixture, Data("[]".utf8)).status == "202 2")
    // Without the pipeline nothing is promised.
    try fixture.lab.stop(.pipeline)
    #expect(try post(fixture, Data("[]".utf8)).status == "502 2")
    try fixture.lab.start(.pipeline)
    #expect(try post(fixture, Data("[]".utf8)).status == "202 2")
    try fixture.lab.down()
    #expect(try fixture.lab.status().isDown)
  }
}
