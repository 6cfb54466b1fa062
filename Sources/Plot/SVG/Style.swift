import Drawing

/// Colours of the pictures, on white and on black paper. The palette is that of M. Okabe and K. Ito (2008), "Color universal design",
/// lightened for dark paper.
enum Style {
  /// Colour by class, light and dark: strokes s0...s5, fills f0...f5 and k0...k10.
  private static let series = ["#0072b2", "#d55e00", "#008a63", "#8a4f9e", "#7a6a00", "#4d4d4d"]
  private static let seriesDark = ["#5ab4f0", "#ff9a52", "#3fd0a0", "#d59be8", "#e6d24a", "#bdbdbd"]
  private static let kinds = [
    "#b9c0cc", "#5c1a1a", "#b3261e", "#cc5c8a", "#006b54", "#0b4f8a", "#4f9fd9", "#e69f00", "#5b4a9e", "#7a4b00", "#7d8790",
  ]
  private static let kindsDark = [
    "#4a5361", "#c76a6a", "#ff5a4f", "#e38bb0", "#3fd0a0", "#3f86c9", "#8fd0ff", "#ffc14d", "#a99bea", "#d9a55a", "#9aa4ad",
  ]
  /// Fills of the rows of a strip.
  static let extra: [(id: String, light: String, dark: String, hatch: Hatch)] = [
    ("sky-clear", "#ffe08a", "#8a6a00", .solid), ("sky-broken", "#c9dcea", "#3f5a70", .rising),
    ("sky-overcast", "#9aa7b3", "#667380", .solid), ("sensor", "#e69f00", "#ffc14d", .rising), ("clock", "#8a4f9e", "#d59be8", .dotted),
    ("counter", "#7a6a00", "#e6d24a", .level), ("plant", "#008a63", "#3fd0a0", .falling), ("data", "#b3261e", "#ff5a4f", .upright),
    ("firmware", "#4d4d4d", "#bdbdbd", .sparse), ("quality", "#cc5c8a", "#e38bb0", .crossed),
  ]

  /// The style sheet and the hatches.
  static func write(to svg: MarkupWriter) {
    svg.raw("<style>\n")
    svg.raw(
      """
      text{font:11px system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;fill:#1b1b1b}
      .title{font-size:16px;font-weight:600}.head{font-weight:600}.sub,.note,.tick,.day,.empty{fill:#5a5a5a}.note,.tick{font-size:10px}
      .day{font-weight:600}.span{font-size:9.5px;fill:#1b1b1b}.letter{font-weight:700;stroke:#fff;stroke-width:3px;paint-order:stroke;stroke-linejoin:round}
      .paper{fill:#fff}.plot{fill:none;stroke:#b5b5b5}.night{fill:#5b6b8c;fill-opacity:.13}.dusk{fill:#5b6b8c;fill-opacity:.06}
      .grid,.rule{stroke:#e2e2e2;fill:none}.rule{stroke:#9a9a9a;stroke-width:.6}.date{stroke:#9a9a9a;fill:none}.noon{stroke:#c08a00;stroke-dasharray:1 3;fill:none}
      .line{fill:none;stroke-width:1.2;stroke-linejoin:round;stroke-linecap:round}.band{fill-opacity:.28;stroke:none}
      .reference{fill:none;stroke:#6a6a6a;stroke-width:1.1;stroke-dasharray:5 3}.limit{fill:none;stroke:#b3261e;stroke-dasharray:7 3 2 3}
      .hatch{fill:none;stroke:#fff;stroke-opacity:.75;stroke-width:1}.dots{stroke-width:1.8;stroke-linecap:round}.row{fill:transparent}.layer{stroke:none}

      """)
    svg.raw(colours(series, kinds, dark: false))
    svg.raw("@media (prefers-color-scheme:dark){\n")
    svg.raw(
      """
      text{fill:#ececec}.sub,.note,.tick,.day,.empty{fill:#a9a9a9}.span{fill:#f4f4f4}.letter{stroke:#14171c}.paper{fill:#14171c}.plot{stroke:#565b63}
      .night{fill:#8fa6d8;fill-opacity:.14}.dusk{fill:#8fa6d8;fill-opacity:.07}.grid{stroke:#2b3038}.rule,.date{stroke:#6c727b}.noon{stroke:#d9ab3c}
      .reference{stroke:#a5a5a5}.limit{stroke:#ff7a70}.hatch{stroke:#14171c}

      """)
    svg.raw(colours(seriesDark, kindsDark, dark: true))
    svg.raw("}\n</style>\n<defs>\n")
    for kind in OutageKind.allCases { svg.raw(kind.hatch.definition(id: kind.fill, fill: "p-\(kind.fill)")) }
    for fill in extra { svg.raw(fill.hatch.definition(id: fill.id, fill: "p-\(fill.id)")) }
    svg.raw("</defs>\n")
  }

  private static func colours(_ series: [String], _ kinds: [String], dark: Bool) -> String {
    var rules = ""
    for (index, colour) in series.enumerated() {
      rules += ".s\(index){stroke:\(colour)}.f\(index),.c\(index){fill:\(colour)}"
    }
    rules += "\n"
    for (index, colour) in kinds.enumerated() { rules += ".p-k\(index){fill:\(colour)}" }
    for fill in extra { rules += ".p-\(fill.id){fill:\(dark ? fill.dark : fill.light)}" }
    return rules + "\n"
  }

}
