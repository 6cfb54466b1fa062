/// Makes the model of the load from values without errors.
enum LoadDecoder {
  static func decode(_ value: ObjectValue) -> LoadPlan {
    var load = LoadPlan()
    load.rate = value["rate"]?.rate
    load.phases = value.required("phases", \.list).compactMap(\.object).map(phase)
    load.spikes = value.required("spikes", \.list).compactMap(\.object).compactMap(spike)
    return load
  }

  private static func phase(_ value: ObjectValue) -> LoadPhase {
    LoadPhase(length: value.required("for", \.duration), devices: value["devices"]?.number, rate: value["rate"]?.number)
  }

  private static func spike(_ value: ObjectValue) -> LoadSpike? {
    let kind: LoadSpike.Kind
    if let factor = value["rate"]?.number {
      kind = .rate(factor)
    } else if let share = value["cut"]?.number {
      kind = .cut(share)
    } else {
      return nil
    }
    return LoadSpike(after: value.required("after", \.duration), length: value.required("for", \.duration), kind: kind)
  }
}
