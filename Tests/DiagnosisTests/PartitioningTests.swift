import Testing

@testable import Diagnosis

/// Kafka's own test values of `Utils.murmur2` (UtilsTest.testMurmur2).
@Suite struct PartitioningTests {
  @Test(arguments: [
    ("21", Int32(-973_932_308)), ("foobar", -790_332_482), ("a-little-bit-long-string", -985_981_536),
    ("a-little-bit-longer-string", -1_486_304_829), ("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58_897_971), ("abc", 479_470_107),
  ])
  func keysAreHashedAsKafkaDoes(text: String, hash: Int32) {
    #expect(Int32(bitPattern: Partitioning.murmur2(text)) == hash)
    #expect(Murmur.hash(Array(text.utf8)) == Partitioning.murmur2(text))
  }
}
