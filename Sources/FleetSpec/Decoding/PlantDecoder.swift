/// Makes the model of what generates, stores and consumes energy from values without errors.
enum PlantDecoder {
  static func plant(_ value: ObjectValue) -> PhotovoltaicPlant {
    var plant = PhotovoltaicPlant(
      dcCapacity: value.required("dc_capacity", \.number), acCapacity: value.required("ac_capacity", \.number),
      tilt: value.required("tilt", \.number), azimuth: value.required("azimuth", \.number),
      temperatureCoefficient: value.required("temperature_coefficient", \.number), efficiency: value.required("efficiency", \.number),
      losses: value.required("losses", \.number))
    plant.tracker = value["tracker"]?.object.map(tracker)
    plant.temperatureModel = value.required("temperature_model") { $0.text.flatMap(PhotovoltaicPlant.TemperatureModel.init(rawValue:)) }
    plant.powerModel = value.required("power_model") { $0.text.flatMap(PhotovoltaicPlant.PowerModel.init(rawValue:)) }
    plant.age = value.required("age", \.number)
    plant.degradation = value.required("degradation", \.number)
    plant.soiling = value.required("soiling", \.number)
    plant.mismatch = value.required("mismatch", \.number)
    plant.strings = value.required("strings", \.integer)
    plant.blownFuses = ProfileDecoder.outages(value["blown_fuses"])
    plant.inputs = value.required("inputs", \.list).compactMap(\.object).map(input)
    plant.obstacles = value.required("obstacles", \.list).compactMap(\.object).map(obstacle)
    plant.deratingFrom = value.required("derating_from", \.number)
    plant.powerFactor = value.required("power_factor", \.number)
    return plant
  }

  private static func input(_ value: ObjectValue) -> PlantInput {
    PlantInput(
      share: value.required("share", \.number), tilt: value.required("tilt", \.number), azimuth: value.required("azimuth", \.number))
  }

  private static func obstacle(_ value: ObjectValue) -> Obstacle {
    Obstacle(
      fromAzimuth: value.required("from", \.number), toAzimuth: value.required("to", \.number),
      elevation: value.required("elevation", \.number))
  }

  private static func tracker(_ value: ObjectValue) -> Tracker {
    Tracker(
      axisAzimuth: value.required("axis_azimuth", \.number), maximumAngle: value.required("max_angle", \.number),
      groundCoverage: value.required("ground_coverage", \.number), backtracking: value.required("backtracking", \.boolean),
      stalls: ProfileDecoder.outages(value["stalls"]))
  }

  static func storage(_ value: ObjectValue) -> Storage {
    Storage(
      capacity: value.required("capacity", \.number), power: value.required("power", \.number),
      efficiency: value.required("efficiency", \.number))
  }

  static func load(_ value: ObjectValue) -> Load { Load(average: value.required("average", \.number)) }

  static func grid(_ value: ObjectValue) -> GridEvents {
    GridEvents(
      curtailment: ProfileDecoder.outages(value["curtailment"]), curtailmentLimit: value.required("curtailment_limit", \.number),
      disturbances: ProfileDecoder.outages(value["disturbances"]), reconnectAfter: value.required("reconnect_after", \.duration))
  }
}
