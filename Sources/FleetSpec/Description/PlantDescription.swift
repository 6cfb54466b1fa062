/// The keys of what generates, stores and consumes energy.
enum PlantDescription {
  static let plant = ObjectShape(
    name: "plant", noun: "a photovoltaic plant",
    documentation: "Modules and inverter: the PVWatts model with what ageing, dirt, shade and heat take.",
    fields: [
      Field("dc_capacity", .number(.power, 1...1e9, "12 kW"), .required, "DC power at standard test conditions."),
      Field("ac_capacity", .number(.power, 1...1e9, "10 kW"), .required, "AC power at which the inverter clips."),
      Field("tilt", .number(.angle, 0...90, "25"), .standard("25"), "Degrees from horizontal."),
      Field("azimuth", .number(.angle, 0...359.999, "180"), .standard("180"), "Degrees clockwise from north; 180 looks south."),
      Field("tracker", .object(tracker), .optional, "Turns the modules about a horizontal axis; tilt and azimuth then mean nothing."),
      Field(
        "inputs", .list(of: .object(input), atLeast: 0), .standard("[]"),
        "The inverter's MPPT inputs, at most 8, each with modules that look its own way; `[]` for one that all modules feed."),
      Field("strings", .integer(1...64), .standard("1"), "How many strings there are, for `string_current`."),
      Field(
        "mismatch", .share, .standard("0 %"), "Standard deviation over strings of their relative power."),
      Field(
        "blown_fuses", .objectOrNone(OutageDescription.outages), .standard("none"),
        "The fuse of some string blows, and the string gives nothing until it is replaced."),
      Field("obstacles", .list(of: .object(obstacle), atLeast: 0), .standard("[]"), "What hides the low sun."),
      Field(
        "temperature_coefficient", .number(.perKelvin, -0.02...0, "-0.35 %/K"), .standard("-0.35 %/K"),
        "Relative change of power with the cell temperature."),
      Field(
        "temperature_model", .words(PhotovoltaicPlant.TemperatureModel.self), .standard("faiman"),
        "Cell temperature by Faiman (2008), or by Sandia's SAPM for an open rack with glass and polymer."),
      Field(
        "power_model", .words(PhotovoltaicPlant.PowerModel.self), .standard("pvwatts"),
        "DC power by PVWatts, or by the single-diode model of a typical 370 W module (De Soto et al., 2006); the latter has its own temperature coefficient."
      ),
      Field("age", .number(.plain, 0...50, "5"), .standard("0"), "Years since installation when the run begins."),
      Field(
        "degradation", .share, .standard("0 %"),
        "Median over devices of the loss of power per year of age; 0.5 % is usual (Jordan and Kurtz, 2013)."),
      Field(
        "soiling", .share, .standard("0 %"),
        "Loss of power per dry day, up to 30 %, until 6 mm of rain fall; 0.15 % is Kimber's, 0.05 % Mejia and Kleissl's mean."),
      Field("efficiency", .share, .standard("97 %"), "Nominal efficiency of the inverter, at least 50 %."),
      Field(
        "derating_from", .number(.temperature, 0...100, "45 degC"), .standard("45 degC"),
        "Air temperature above which the inverter gives 2.5 % less per kelvin."),
      Field("power_factor", .number(.plain, 0.8...1, "0.95"), .standard("1"), "Displacement power factor of the inverter."),
      Field("losses", .share, .standard("14 %"), "All other DC losses together: wiring, mismatch (PVWatts assumes 14 % with soiling)."),
    ])

  static let input = ObjectShape(
    name: "inputs", noun: "an MPPT input", documentation: "One MPPT input of an inverter.",
    fields: [
      Field("share", .share, .required, "Share of the DC capacity."),
      Field("tilt", .number(.angle, 0...90, "25"), .standard("25"), "Degrees from horizontal."),
      Field("azimuth", .number(.angle, 0...359.999, "180"), .standard("180"), "Degrees clockwise from north."),
    ])

  static let obstacle = ObjectShape(
    name: "obstacles", noun: "an obstacle", documentation: "Hides the sun's disc while it stands low in some directions.",
    fields: [
      Field("from", .number(.angle, 0...360, "80"), .required, "Azimuth at which it begins, degrees clockwise from north."),
      Field("to", .number(.angle, 0...360, "110"), .required, "Azimuth at which it ends."),
      Field("elevation", .number(.angle, 0...90, "12"), .required, "Degrees above the horizon up to which the sun is hidden."),
    ])

  static let tracker = ObjectShape(
    name: "tracker", noun: "a tracker", documentation: "A single-axis tracker with a horizontal axis.",
    fields: [
      Field(
        "axis_azimuth", .number(.angle, 0...359.999, "180"), .standard("180"),
        "Direction of the axis, degrees clockwise from north; 180 turns the modules from east to west."),
      Field("max_angle", .number(.angle, 0...90, "55"), .standard("55"), "How far it turns to either side, degrees from horizontal."),
      Field("ground_coverage", .share, .standard("40 %"), "Width of a row over the distance of the rows, above 0."),
      Field("backtracking", .boolean, .standard("true"), "Whether rows turn back before they shade each other."),
      Field(
        "stalls", .objectOrNone(OutageDescription.outages), .standard("none"), "The drive does not move: the modules stay where they are."),
    ])

  static let storage = ObjectShape(
    name: "storage", noun: "a storage", documentation: "A battery that takes what the plant has left and gives it back when it is needed.",
    fields: [
      Field("capacity", .number(.energy, 1...1e9, "10 kWh"), .required, "Energy that can be used."),
      Field("power", .number(.power, 1...1e9, "5 kW"), .required, "The most that it takes or gives."),
      Field("efficiency", .share, .standard("92 %"), "Energy out over energy in, at least 50 %."),
    ])

  static let load = ObjectShape(
    name: "load", noun: "a load", documentation: "A household: low at night, a peak in the morning and a higher one in the evening.",
    fields: [Field("average", .number(.power, 1...1e8, "450 W"), .required, "Power on average over a day.")])

  static let grid = ObjectShape(
    name: "grid", noun: "a grid", documentation: "What the devices of a site see alike of the grid and its operator.",
    fields: [
      Field("curtailment", .objectOrNone(OutageDescription.outages), .standard("none"), "When the operator limits feed-in, by site."),
      Field("curtailment_limit", .share, .standard("50 %"), "Share of the AC capacity that may be fed in meanwhile."),
      Field(
        "disturbances", .objectOrNone(OutageDescription.outages), .standard("none"),
        "Dips of voltage with an excursion of frequency, by site; inverters trip."),
      Field(
        "reconnect_after", .duration(0...Limits.hour), .standard("60s"),
        "How long an inverter waits after a disturbance before it feeds in again (EN 50549-1: 60 s)."),
    ])
}
