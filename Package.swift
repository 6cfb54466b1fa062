// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [.treatAllWarnings(as: .error), .swiftLanguageMode(.v6)]

func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
  .testTarget(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: strict)
}

let package = Package(
  name: "heliograph",
  products: [.executable(name: "heliograph", targets: ["heliograph"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    .target(name: "CLinux"),
    .target(name: "CMosquitto", linkerSettings: [.linkedLibrary("mosquitto")]),
    .target(name: "COpenSSL", linkerSettings: [.linkedLibrary("ssl"), .linkedLibrary("crypto")]),
    .target(name: "CCurl", linkerSettings: [.linkedLibrary("curl")]),
    .target(name: "CZlib", linkerSettings: [.linkedLibrary("z")]),
    .systemLibrary(name: "CPQ", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
    .systemLibrary(name: "CRdKafka", pkgConfig: "rdkafka", providers: [.apt(["librdkafka-dev"])]),
    .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
    module("FleetSpec", [.product(name: "Yams", package: "Yams")]),
    module("World", ["FleetSpec"]),
    .target(name: "CAllocationCount"),
    module("Payload", ["World"]),
    module("Drawing", ["FleetSpec"]),
    module("Plot", ["World", "Drawing"]),
    module("Reactor", ["CLinux"]),
    module("Firmware", ["World", "Payload"]),
    module("Certificates", ["COpenSSL"]),
    module(
      "Transport",
      ["FleetSpec", "World", "Reactor", "Payload", "Firmware", "CMosquitto", "COpenSSL", "CRdKafka", "CCurl", "CZlib"]),
    module("Ledger", ["FleetSpec", "CSQLite"]),
    module("Store", ["FleetSpec", "CPQ"]),
    module("Simulation", ["World", "Firmware", "Transport", "Ledger", "Store", "Reactor"]),
    module("Reconciliation", ["World", "Ledger", "Store", "Firmware"]),
    module(
      "Proof", ["FleetSpec", "World", "Firmware", "Transport", "Ledger", "Store", "Simulation", "Reconciliation", "Diagnosis"]),
    module("Diagnosis", ["Reconciliation"]),
    module("Lab", ["FleetSpec", "CLinux", "Certificates", "CMosquitto", "CPQ", "CCurl", "CRdKafka", "CZlib"]),
    module("Doctor", ["CLinux", "World", "Store", "Ledger", "Transport", "Simulation"]),
    module("Report", ["Drawing", "Reconciliation", "Diagnosis", "Ledger", "Simulation", "Doctor", "Lab"]),
    .executableTarget(
      name: "heliograph",
      dependencies: [
        "FleetSpec", "World", "Payload", "Certificates", "Transport", "Ledger", "Store", "Simulation",
        "Reconciliation", "Diagnosis", "Lab", "Doctor", "Drawing", "Plot", "Proof", "Report",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),
    .executableTarget(
      name: "WorldBenchmark", dependencies: ["World", "FleetSpec", "CAllocationCount"], path: "benchmarks/WorldBenchmark",
      swiftSettings: strict),
    .executableTarget(
      name: "EncodingBenchmark", dependencies: ["Payload", "World", "FleetSpec", "CAllocationCount"], path: "benchmarks/EncodingBenchmark",
      swiftSettings: strict),
    .executableTarget(
      name: "ReconciliationBenchmark", dependencies: ["Reconciliation", "Simulation", "Ledger", "Store", "World", "FleetSpec", "CPQ"],
      path: "benchmarks/ReconciliationBenchmark", swiftSettings: strict),
    .executableTarget(
      name: "HTTPBenchmark", dependencies: ["Transport", "World", "FleetSpec", "Reactor", "CAllocationCount"],
      path: "benchmarks/HTTPBenchmark", swiftSettings: strict),
    .executableTarget(
      name: "KafkaBenchmark", dependencies: ["Transport", "Firmware", "Reactor", "World", "FleetSpec"], path: "benchmarks/KafkaBenchmark",
      swiftSettings: strict),
    .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: strict),
    tests("FleetSpecTests", ["FleetSpec"], exclude: ["Broken"]),
    tests("WorldTests", ["World", "Payload", "CAllocationCount", "TestSupport"], exclude: ["Pvlib"]),
    tests("PayloadTests", ["Payload", "World", "FleetSpec", "TestSupport"], exclude: ["Clients"]),
    tests("DrawingTests", ["Drawing", "FleetSpec"]),
    tests("PlotTests", ["Plot", "Drawing", "Payload", "World", "FleetSpec"]),
    tests(
      "ReportTests",
      ["Report", "Drawing", "Diagnosis", "Reconciliation", "Ledger", "Simulation", "World", "FleetSpec", "TestSupport"],
      exclude: ["Golden"]),
    .target(name: "StoreFixtures", dependencies: ["Store", "CPQ"], path: "Tests/StoreFixtures", swiftSettings: strict),
    tests("StoreTests", ["Store", "FleetSpec", "CPQ", "StoreFixtures"]),
    tests("LabTests", ["Lab", "CPQ", "heliograph", "Payload", "World", "FleetSpec"]),
    tests("DeliveryTests", ["Firmware", "Transport", "Ledger", "Reactor", "Simulation", "World", "FleetSpec", "TestSupport"]),
    tests(
      "ReconciliationTests",
      ["Reconciliation", "Simulation", "FleetSpec", "World", "Ledger", "Store", "StoreFixtures", "TestSupport"]),
    tests("DiagnosisTests", ["Diagnosis", "Reconciliation", "FleetSpec", "World", "Ledger", "Store", "Lab", "Payload"]),
    tests("KafkaTests", ["Transport", "Reactor", "World", "FleetSpec", "Simulation", "Ledger"]),
    tests("ProofTests", ["Proof", "FleetSpec", "World", "Reconciliation", "Diagnosis", "Transport", "Firmware", "TestSupport"]),
    tests("HTTPTests", ["Transport", "Reactor", "Certificates", "FleetSpec", "World", "CAllocationCount", "TestSupport"]),
    tests(
      "MQTTTests",
      ["Transport", "Reactor", "Certificates", "Firmware", "FleetSpec", "World", "Simulation", "Ledger"]),
    tests("CertificatesTests", ["Certificates"]),
    tests("CommandTests", ["heliograph", "Lab", "Ledger"], exclude: ["Golden"]),
  ]
)
