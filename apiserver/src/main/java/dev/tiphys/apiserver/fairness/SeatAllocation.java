package dev.tiphys.apiserver.fairness;

import java.util.List;

/// Divides seats among levels in proportion to what they need, within the bounds of each.
final class SeatAllocation {

  private static final double LEAST_TARGET = 0.001;
  private static final int ROUNDS = 100;

  private SeatAllocation() {}

  /// What one level may get.
  ///
  /// @param least at least so many
  /// @param most at most so many
  /// @param target what it needs
  record Claim(double least, double most, double target) {
    double at(double proportion) {
      return Math.clamp(proportion * Math.max(target, LEAST_TARGET), least, most);
    }
  }

  /// The seats of each, which together are `seats` if the bounds allow that: each gets the same
  /// part of its target, unless a bound keeps it from that.
  static int[] divide(int seats, List<Claim> claims) {
    double low = 0;
    double high = 1;
    while (sum(claims, high) < seats && high < Integer.MAX_VALUE) {
      high *= 2;
    }
    for (int round = 0; round < ROUNDS; round++) {
      double middle = (low + high) / 2;
      if (middle == low || middle == high) {
        break; // there is no number between them
      }
      if (sum(claims, middle) < seats) {
        low = middle;
      } else {
        high = middle;
      }
    }
    double proportion = high;
    return claims.stream().mapToInt(claim -> (int) Math.round(claim.at(proportion))).toArray();
  }

  private static double sum(List<Claim> claims, double proportion) {
    double sum = 0;
    for (Claim claim : claims) {
      sum += claim.at(proportion);
    }
    return sum;
  }
}
