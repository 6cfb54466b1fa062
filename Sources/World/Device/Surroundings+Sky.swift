import FleetSpec

extension Surroundings {
  /// Sun and clouds, and the plant under them.
  func measureSky(at time: Milliseconds, into conditions: inout Conditions) {
    conditions.moduleTemperature = conditions.ambientTemperature
    let sun = place.sun(at: time)
    guard sun.up > 0 else { return }
    let sky = place.sky(at: time, sun: sun, position: place.clouds.position(of: device), cache)
    conditions.globalIrradiance = sky.global
    guard let plant = profile.plant, profile.needs.contains(.plane) else { return }
    var plane = plant.orientation
    var tilt = plant.tilt
    if let tracker = plant.tracker {
      let rotation = tracker.rotation(sun: sun)
      conditions.trackerAngle = rotation
      plane = tracker.orientation(rotation: rotation)
      tilt = abs(rotation)
    }
    let parts = place.plane.irradiance(sky, sun: sun, on: plane)
    conditions.planeIrradiance = parts.total
    let effective = IncidenceLoss.effective(parts, cosineOfIncidence: plane.cosineOfIncidence(sun), tilt: tilt)
    measurePlant(plant, effectiveIrradiance: effective, into: &conditions)
  }
}
