//! What is known of a mean or a part from some days: with 95 % confidence.

/// Of a normal distribution.
const Z: f64 = 1.959_964;

/// A mean with the interval in which that of infinitely many days lies.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    pub mean: f64,
    pub low: f64,
    pub high: f64,
}

/// The mean of the values, none below 0, of consecutive days. Days of one week are taken together, as weekdays differ and an illness may
/// last: `week` is how many days it has.
pub fn mean(values: &[f64], week: usize) -> Estimate {
    let count = values.len();
    let mean = average(values);
    let weeks: Vec<f64> = values.chunks_exact(week.max(1)).map(average).collect();
    let samples = if weeks.len() > 1 { &weeks } else { values };
    if samples.len() < 2 {
        return Estimate { mean, low: 0.0, high: if count == 0 { 0.0 } else { f64::INFINITY } };
    }
    let center = average(samples);
    let freedom = (samples.len() - 1) as f64;
    let variance = samples.iter().map(|value| (value - center).powi(2)).sum::<f64>() / freedom;
    let half = student(freedom) * (variance / samples.len() as f64).sqrt();
    Estimate { mean, low: (mean - half).max(0.0), high: mean + half }
}

/// A part of all days (E. Wilson's interval).
pub fn part(days: usize, of: usize) -> Estimate {
    if of == 0 {
        return Estimate { mean: 0.0, low: 0.0, high: 1.0 };
    }
    let (n, p) = (of as f64, days as f64 / of as f64);
    let scale = 1.0 + Z * Z / n;
    let center = (p + Z * Z / (2.0 * n)) / scale;
    let half = Z / scale * (p * (1.0 - p) / n + Z * Z / (4.0 * n * n)).sqrt();
    Estimate { mean: p, low: (center - half).max(0.0), high: (center + half).min(1.0) }
}

fn average(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len().max(1) as f64
}

/// The quantile of Student's distribution, by R. Fisher's and E. Cornish's expansion.
fn student(freedom: f64) -> f64 {
    let power = |exponent: i32| Z.powi(exponent);
    Z + (power(3) + Z) / (4.0 * freedom)
        + (5.0 * power(5) + 16.0 * power(3) + 3.0 * Z) / (96.0 * freedom.powi(2))
        + (3.0 * power(7) + 19.0 * power(5) + 17.0 * power(3) - 15.0 * Z) / (384.0 * freedom.powi(3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_are_those_of_the_tables() {
        assert!((student(4.0) - 2.776).abs() < 0.01);
        assert!((student(39.0) - 2.023).abs() < 0.001);
        let estimate = mean(&[1.0, 2.0, 3.0, 4.0, 5.0], 5);
        assert_eq!(estimate.mean, 3.0);
        assert!((estimate.high - 3.0 - 2.776 * (2.5_f64 / 5.0).sqrt()).abs() < 0.01);
        let none = part(0, 10);
        assert_eq!((none.mean, none.low), (0.0, 0.0));
        assert!((none.high - 0.2775).abs() < 0.001);
    }

    #[test]
    fn equal_days_leave_no_doubt() {
        assert_eq!(mean(&[2.0; 10], 5), Estimate { mean: 2.0, low: 2.0, high: 2.0 });
    }
}
