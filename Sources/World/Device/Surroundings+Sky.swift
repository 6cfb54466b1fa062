import FleetSpec

extension Surroundings {
  /// Sun and clouds, and the plant under them.
  func measureSky(
    at time: Milliseconds, _ memory: inout DeviceMemory, into conditions: inout Conditions
  ) {
    conditions.moduleTemperature = conditions.ambientTemperature
    let sun = place.sun(at: time, &cache.ephemeris)
    if profile.needs.contains(.plane), let tracker = profile.plant?.tracker {
      conditions.trackerAngle = rotation(of: tracker, at: time, sun: sun, &memory, &conditions)
    }
    guard sun.up > 0 else {
      memory.isRunning = false
      return
    }
    let sky = place.sky(at: time, sun: sun, position: place.clouds.position(of: device), cache)
    conditions.globalIrradiance = sky.global
    guard let plant = profile.plant, profile.needs.contains(.plane) else { return }
    let isShaded = plant.shading.hides(sun)
    if isShaded { conditions.faults.insert(.shaded) }
    var total = 0.0
    var effective = InlineArray<8, Double>(repeating: 0)
    for index in plant.inputs.indices {
      var plane = plant.inputs[index].orientation
      var glass = plant.inputs[index].glass
      if let tracker = plant.tracker {
        plane = tracker.orientation(rotation: conditions.trackerAngle)
        glass = IncidenceLoss(tilt: abs(conditions.trackerAngle))
      }
      var parts = place.plane.irradiance(sky, sun: sun, on: plane)
      if isShaded { parts.direct = 0 }
      total += parts.total * plant.inputs[index].share
      effective[index] = glass.effective(parts, cosineOfIncidence: plane.cosineOfIncidence(sun))
    }
    conditions.planeIrradiance = total
    measurePlant(plant, effectiveIrradiance: effective, at: time, &memory, into: &conditions)
  }

  /// Where the tracker stands: where the sun wants it, or where it stood when its drive failed.
  private func rotation(
    of tracker: TrackerGeometry, at time: Milliseconds, sun: SunPosition, _ memory: inout DeviceMemory, _ conditions: inout Conditions
  ) -> Double {
    guard !memory.stalls.isEmpty, let stall = memory.stalls[0].current(at: time) else { return tracker.rotation(sun: sun) }
    conditions.faults.insert(.trackerStalled)
    // Without the site's cache, from which it would drive out today's sun again and again.
    return tracker.rotation(sun: place.sun(at: stall.start))
  }
}
