/// The keys of a fleet file.
enum FleetDescription {
  static let shape = ObjectShape(
    name: "Fleet file", noun: "a fleet",
    documentation:
      "Which devices stand where, what happens to them, where they publish, and what the pipeline promises about their readings.",
    fields: [
      Field("fleet", .text(.name), .required, "Name of the fleet; becomes part of the run folder's name."),
      Field("description", .text(.line), .optional, "One line for people."),
      Field(
        "include", .list(of: .text(.path), atLeast: 0), .optional,
        "Files that this file is laid over: their mappings are merged with this file's, this file wins, lists are replaced, and `null` takes a key away."
      ),
      Field("seed", .integer(0...Int.max), .standard("1"), "Every random draw derives from it: same seed, same readings."),
      Field(
        "start", .keyword("now", or: .instant), .standard("now"),
        "The instant at which devices begin to measure; `now` is the moment at which the run is started."),
      Field(
        "sun_time", .timeOfDay, .optional,
        "Local mean solar time at every site when the run begins. Without it the sun follows the timestamps. Write it in quotes."),
      Field("sun_date", .monthDay, .standard("06-21"), "The day on which the sun stands when `sun_time` is set."),
      Field("duration", .duration(Limits.second...Limits.year), .required, "How long devices measure, in simulated time."),
      Field(
        "drain", .duration(0...Limits.day), .standard("20s"),
        "How long devices may go on emptying their buffers after the last measurement."),
      Field("sites", .list(of: .object(site), atLeast: 1), .required, "The places; patterns make many at once."),
      Field("sky", .object(sky), .standard("{}"), "Which formulas the sky follows."),
      Field("devices", .list(of: .object(deviceGroup), atLeast: 1), .required, "Groups of devices, each with one firmware profile."),
    ] + LoadDescription.fields + [
      Field("site_outages", .object(siteOutages), .standard("{}"), "Interruptions that hit every device of a site at once."),
      Field(
        "carriers", .map(keys: .text(.identifier), values: .object(OutageDescription.carrier)), .standard("{}"),
        "Mobile networks by name; an outage of one hits its devices at all sites at once, and they all come back together."),
      Field("grid", .object(PlantDescription.grid), .standard("{}"), "What the devices of a site see alike of the grid."),
      Field(
        "faults", .object(ProfileDescription.fleetFaults), .standard("{}"),
        "Laid over the `faults` of every profile: only the keys that stand here."),
      Field(
        "payload", .object(PayloadDescription.fleetShape), .optional,
        "Takes the place of every profile's `payload` as a whole: the same fleet in another notation."),
      Field(
        "profiles", .map(keys: .text(.name), values: .object(ProfileDescription.inline)), .standard("{}"),
        "Firmware profiles by name, for those that have no file of their own."),
      Field("transport", .object(TransportDescription.shape), .optional, "Where devices publish; not needed to trace or plan a fleet."),
      Field("pipeline", .object(PipelineDescription.shape), .standard("{}"), "What the pipeline promises and where its rows end up."),
      Field(
        "thresholds", .map(keys: .choice(verdicts), values: .limit), .standard("{}"),
        """
        The most that a run may show of a verdict before it counts as failed, as a count or as a share of all readings. \
        \(broken.joined(separator: ", ")) may not occur at all unless it is said otherwise here.
        """),
    ])

  /// The names of verdicts, in the order of `verdicts.json`.
  static let verdicts = [
    "stored", "lost", "duplicated", "corrupted", "misplaced", "phantom", "dropped_late", "discarded", "withheld", "unconfirmed",
    "rejected", "accepted_malformed", "collided", "pending",
  ]

  /// Verdicts that no contract permits; their standard limit is 0.
  static let broken = ["lost", "duplicated", "corrupted", "misplaced", "phantom", "accepted_malformed", "collided"]

  static let site = ObjectShape(
    name: "sites", noun: "a site",
    documentation: """
      A place with its own sun, clouds, power and network. With `count` it is a pattern for as many sites: `{n}` in the id counts from 1, \
      and values given as `[lower, upper]` are spread evenly over the range (the R2 low-discrepancy sequence).
      """,
    fields: [
      Field(
        "id", .text(.identifierPattern(["n"])), .required,
        "Identifier, unique within the fleet; `{n}` or `{n:2}` (two digits) when there is a `count`."
      ),
      Field("count", .integer(1...100_000), .optional, "How many sites the pattern makes; without it one."),
      Field("latitude", .oneOrPair(of: .number(.angle, -90...90, "43.2")), .required, "Degrees north."),
      Field("longitude", .oneOrPair(of: .number(.angle, -180...180, "5.4")), .required, "Degrees east."),
      Field("altitude", .oneOrPair(of: .number(.length, -500...9000, "120 m")), .standard("0"), "Metres above sea level."),
      Field("cloudiness", .oneOrPair(of: .share), .standard("0.35"), "Share of the time under cloud."),
      Field(
        "time_zone", .text(.timeZone), .optional,
        "IANA name such as Europe/Madrid, or UTC+1: what firmware takes for local time. Without it the whole hour that fits the longitude."),
      Field(
        "linke_turbidity", .byMonth(of: .number(.plain, 1...10, "3")), .optional,
        "Haze of the clear sky, one number or twelve from January on: 2 is clean and cold, 3 usual, 5 hazy; without it a climatology by latitude."
      ),
      Field("albedo", .share, .standard("20 %"), "Share of light that the ground reflects."),
      Field(
        "extent", .number(.length, 10...100_000, "500 m"), .standard("500 m"),
        "Size of the square over which the site's devices are spread; clouds take their time to cross it."),
    ])

  static let sky = ObjectShape(
    name: "sky", noun: "a sky", documentation: "Which formulas the sky follows.",
    fields: [
      Field(
        "clear_sky", .words(SkyModels.ClearSky.self), .standard("ineichen"),
        "Irradiance without clouds: Ineichen and Perez (2002) with Linke turbidity, or Haurwitz (1945)."),
      Field(
        "transposition", .words(SkyModels.Transposition.self), .standard("perez"),
        "From the horizontal to the plane of the modules: Perez (1990), Hay and Davies (1980), or an evenly bright sky."),
    ])

  static let deviceGroup = ObjectShape(
    name: "devices", noun: "a group of devices", documentation: "Devices of one firmware profile, dealt out to the sites in turn.",
    fields: [
      Field(
        "profile", .text(.name), .required,
        "Name of the firmware profile: a key of `profiles`, or a file NAME.yaml in a folder `firmware-profiles` next to or above the fleet file."
      ),
      Field("count", .integer(1...1_000_000), .required, "How many devices."),
      Field(
        "id", .text(.identifierPattern(["n", "site"])), .required,
        "Identifier of each device, unique within the fleet; `{n:4}` counts from 1 within the group, `{site}` is the site's id."),
      Field("carrier", .text(.identifier), .optional, "Mobile network over which they speak, one of `carriers`."),
      Field("sites", .list(of: .text(.identifier), atLeast: 1), .optional, "Ids of the sites at which they stand; without it all sites."),
    ] + IdentityDescription.group)

  static let siteOutages = ObjectShape(
    name: "site_outages", noun: "a site's outages", documentation: "Interruptions that hit every device of a site at once.",
    fields: [
      Field(
        "network", .objectOrNone(OutageDescription.outages), .standard("none"), "The site's uplink: devices go on measuring and buffer."),
      Field(
        "power", .objectOrNone(OutageDescription.outages), .standard("none"), "The site's power: devices stop, and boot anew afterwards."),
    ])
}
