import Testing

@testable import FleetSpec

/// How `pipeline.store` becomes a model.
@Suite struct StoreMappingTests {
  private func load(_ store: String) throws -> LoadedFleet {
    let folder = try TemporaryFolder()
    let text = SmallFleet.yaml("pipeline: {store: {url: \"postgresql:///db\", \(store)}}")
    return try FleetLoader.loadFleet(path: try folder.write("small.yaml", text))
  }

  static let stores = [
    "table: t", "identity: none", "identity: {device: d, seq: s}", "identity: {event_id: payload->meta->event-id}",
    "identity: {device: d, sensor_name: \"me'tric\"}, attributes: {unit: \"meta->unit\"}",
    "filter: {tenant: demo, region: [eu, \"it's\", '3']}",
    "tolerance: float32", "tolerance: {absolute: 0.01}", "tolerance: {relative: 0.1 %}",
    "identity: [device, timestamp], values: {TEMPERATURE: temp}",
    "identity: {device: d}, values: {temperature: temp}, attributes: {site_id: s}",
  ]

  @Test(arguments: stores) func readsBackEqual(store: String) throws {
    let loaded = try load(store)
    let folder = try TemporaryFolder()
    let again = try FleetLoader.loadFleet(path: try folder.write("fleet.yaml", loaded.resolvedYAML(start: 1_000, seed: 3)))
    #expect(again.fleet.pipeline == loaded.fleet.pipeline)
  }

  @Test func formsOfIdentity() throws {
    #expect(try load("table: t").fleet.pipeline.store?.identity == RowIdentity(sensor: ColumnReference("sensor_id")))
    #expect(try load("identity: none").fleet.pipeline.store?.identity.isNone == true)
    #expect(try load("identity: none").fleet.pipeline.store?.attributes == [])
    let json = try load("identity: {event_id: payload->meta->id}").fleet.pipeline.store
    #expect(json?.identity.eventID == ColumnReference("payload", path: ["meta", "id"]) && json?.tellsSensor == false)
  }

  @Test func wideTablesComeWithoutAttributesOfSingleSensors() throws {
    let store = try load("identity: [device, timestamp], values: {TEMPERATURE: temp}").fleet.pipeline.store
    #expect(store?.isWide == true && store?.attributes == [] && store?.identity == RowIdentity(device: ColumnReference("device")))
    #expect(store?.values.map(\.column) == [ColumnReference("temp")] && store?.values.first?.sensors.count == 1)
  }

  @Test func filtersAndTolerances() throws {
    let store = try load("filter: {tenant: demo, region: [eu, us]}, tolerance: {absolute: 0.01}").fleet.pipeline.store
    #expect(store?.filter == [ColumnFilter(ColumnReference("tenant"), ["demo"]), ColumnFilter(ColumnReference("region"), ["eu", "us"])])
    guard case .absolute(let limit, let decimals) = store?.tolerance else {
      Issue.record("not absolute")
      return
    }
    #expect(limit == 0.01 && decimals >= 0)
  }
}
