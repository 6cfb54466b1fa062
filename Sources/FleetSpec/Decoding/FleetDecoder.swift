/// Makes the model of a fleet from values without errors.
enum FleetDecoder {
  static func decode(_ value: ObjectValue, sites: [Site], groups: [DeviceGroup], profiles: [FirmwareProfile]) -> Fleet {
    let siteOutages = value.required("site_outages", \.object)
    return Fleet(
      name: value.required("fleet", \.text), seed: UInt64(value.required("seed", \.integer)), start: value["start"]?.instant,
      sunTime: value["sun_time"]?.timeOfDay, sunDate: value.required("sun_date", \.monthDay),
      duration: value.required("duration", \.duration), drain: value.required("drain", \.duration), sites: sites, groups: groups,
      profiles: profiles, siteNetworkOutages: ProfileDecoder.outages(siteOutages["network"]),
      sitePowerOutages: ProfileDecoder.outages(siteOutages["power"]),
      transport: value["transport"]?.object.flatMap(TransportDecoder.decode),
      pipeline: pipeline(value.required("pipeline", \.object), profiles), thresholds: thresholds(value.required("thresholds", \.map)),
      load: LoadDecoder.decode(value), sky: sky(value.required("sky", \.object)),
      carriers: OutageDecoder.carriers(value.required("carriers", \.map)), grid: PlantDecoder.grid(value.required("grid", \.object)))
  }

  private static func sky(_ value: ObjectValue) -> SkyModels {
    SkyModels(
      clearSky: value.required("clear_sky") { $0.text.flatMap(SkyModels.ClearSky.init(rawValue:)) },
      transposition: value.required("transposition") { $0.text.flatMap(SkyModels.Transposition.init(rawValue:)) })
  }

  private static func pipeline(_ value: ObjectValue, _ profiles: [FirmwareProfile]) -> Pipeline {
    let deduplication = value["dedup"]?.object.map { object in
      Deduplication(keys: object.required("keys", \.list).compactMap(\.text), window: object["window"]?.duration)
    }
    return Pipeline(
      delivery: value.required("delivery") { $0.text.flatMap(Pipeline.Delivery.init(rawValue:)) }, deduplication: deduplication,
      allowedLateness: value["allowed_lateness"]?.duration, futureTolerance: value["future_tolerance"]?.duration,
      malformed: value.required("malformed") { $0.text.flatMap(Pipeline.MalformedPolicy.init(rawValue:)) },
      settling: value.required("settling", \.duration), store: value["store"]?.object.map { StoreDecoder(profiles: profiles).decode($0) })
  }

  private static func thresholds(_ entries: [Value.Entry]) -> [Threshold] {
    FleetDescription.verdicts.compactMap { verdict in
      if let limit = entries.first(where: { $0.key == verdict })?.value.limit { return Threshold(verdict: verdict, limit: limit) }
      return FleetDescription.broken.contains(verdict) ? Threshold(verdict: verdict, limit: .count(0)) : nil
    }
  }
}
