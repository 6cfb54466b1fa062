import Payload
import Testing

@testable import FleetSpec
@testable import World

@Suite struct TimelineWriterTests {
  @Test func eventsAreLinesInBothFormats() {
    let world = World(fleet: Fleets.fleet(), start: Fleets.start)
    let events = [
      PlannedEvent(start: 5, end: 9, fault: .networkLost, cause: .carrier),
      PlannedEvent(start: 6, end: .max, fault: .stuck, cause: .sensor, sensor: 1),
    ]
    var texts: [String] = []
    for format in TraceWriter.Format.allCases {
      var buffer = ByteBuffer()
      TimelineWriter.appendHeader(format, into: &buffer)
      let writer = TimelineWriter(device: world.devices[0], profile: world.profile(of: 0), format: format)
      for event in events { writer.write(event, into: &buffer) }
      texts.append(String(decoding: buffer.bytes, as: UTF8.self))
    }
    #expect(
      texts == [
        """
        {"device_id":"inv-1","site_id":"site-01","start":5,"end":9,"fault":"network_lost","cause":"carrier","sensor":null}
        {"device_id":"inv-1","site_id":"site-01","start":6,"end":null,"fault":"stuck","cause":"sensor","sensor":"dc_voltage"}

        """,
        """
        device_id,site_id,start,end,fault,cause,sensor
        inv-1,site-01,5,9,network_lost,carrier,
        inv-1,site-01,6,,stuck,sensor,dc_voltage

        """,
      ])
  }
}
