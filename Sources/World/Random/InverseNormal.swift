import Glibc

/// The quantile function of the standard normal distribution.
///
/// Source: M. J. Wichura (1988), "Algorithm AS 241: The percentage points of the normal distribution", Applied Statistics 37 (3),
/// routine PPND16; relative error about 1e-16. The central 85 % need neither a logarithm nor a root.
@usableFromInline
enum InverseNormal {
  /// The x with P(X <= x) = `probability`, for 0 < `probability` < 1.
  @inlinable
  static func quantile(_ probability: Double) -> Double {
    let centred = probability - 0.5
    if abs(centred) <= 0.425 {
      let r = 0.180625 - centred * centred
      let numerator = polynomial(
        r, 3.3871328727963666080e+0, 1.3314166789178437745e+2, 1.9715909503065514427e+3, 1.3731693765509461125e+4,
        4.5921953931549871457e+4, 6.7265770927008700853e+4, 3.3430575583588128105e+4, 2.5090809287301226727e+3)
      let denominator = polynomial(
        r, 1.0, 4.2313330701600911252e+1, 6.8718700749205790830e+2, 5.3941960214247511077e+3,
        2.1213794301586595867e+4, 3.9307895800092710610e+4, 2.8729085735721942674e+4, 5.2264952788528545610e+3)
      return centred * numerator / denominator
    }
    let tail = tailQuantile(centred < 0 ? probability : 1 - probability)
    return centred < 0 ? -tail : tail
  }

  @inlinable
  static func tailQuantile(_ tailProbability: Double) -> Double {
    let root = (-log(tailProbability)).squareRoot()
    if root <= 5 {
      let r = root - 1.6
      let numerator = polynomial(
        r, 1.42343711074968357734e+0, 4.63033784615654529590e+0, 5.76949722146069140550e+0, 3.64784832476320460504e+0,
        1.27045825245236838258e+0, 2.41780725177450611770e-1, 2.27238449892691845833e-2, 7.74545014278341407640e-4)
      let denominator = polynomial(
        r, 1.0, 2.05319162663775882187e+0, 1.67638483018380384940e+0, 6.89767334985100004550e-1,
        1.48103976427480074590e-1, 1.51986665636164571966e-2, 5.47593808499534494600e-4, 1.05075007164441684324e-9)
      return numerator / denominator
    }
    let r = root - 5
    let numerator = polynomial(
      r, 6.65790464350110377720e+0, 5.46378491116411436990e+0, 1.78482653991729133580e+0, 2.96560571828504891230e-1,
      2.65321895265761230930e-2, 1.24266094738807843860e-3, 2.71155556874348757815e-5, 2.01033439929228813265e-7)
    let denominator = polynomial(
      r, 1.0, 5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2,
      7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7, 2.04426310338993978564e-15)
    return numerator / denominator
  }

  /// c0 + c1 r + ... + c7 r^7 by Horner's rule.
  @inlinable
  static func polynomial(
    _ r: Double, _ c0: Double, _ c1: Double, _ c2: Double, _ c3: Double, _ c4: Double, _ c5: Double, _ c6: Double, _ c7: Double
  ) -> Double {
    var sum = c7 * r + c6
    sum = sum * r + c5
    sum = sum * r + c4
    sum = sum * r + c3
    sum = sum * r + c2
    sum = sum * r + c1
    return sum * r + c0
  }
}
