package dev.tiphys.node.settings;

import dev.tiphys.object.Quantity;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// How much a node keeps free: with less, Pods are ended. Upstream's `--eviction-hard`.
///
/// @param bounds what there should be at least, by upstream's names of signals: an amount, or a
///   share of the whole in percent; what is not named may be used up
public record EvictionThresholds(Map<String, String> bounds) {

  private static final Set<String> SIGNALS =
      Set.of(
          "memory.available",
          "nodefs.available",
          "nodefs.inodesFree",
          "imagefs.available",
          "imagefs.inodesFree");

  /// Upstream's.
  public static final EvictionThresholds DEFAULT =
      parse(
          "memory.available<100Mi,nodefs.available<10%,nodefs.inodesFree<5%,"
              + "imagefs.available<15%,imagefs.inodesFree<5%");

  /// For a machine that others use as well: that its disk is nearly full may be their affair.
  public static final EvictionThresholds ON_A_SHARED_MACHINE =
      parse("memory.available<100Mi,nodefs.available<1Gi,imagefs.available<1Gi");

  public EvictionThresholds {
    bounds = Map.copyOf(bounds);
  }

  /// Reads `memory.available<100Mi,nodefs.available<10%`; what is empty names nothing.
  ///
  /// @throws IllegalArgumentException if it can't be read, in upstream's words
  public static EvictionThresholds parse(String text) {
    Map<String, String> bounds = new TreeMap<>();
    for (String each : text.isBlank() ? new String[0] : text.split(",")) {
      String[] parts = each.strip().split("<", 2);
      if (parts.length != 2) {
        throw new IllegalArgumentException("invalid eviction threshold syntax " + each);
      }
      if (!SIGNALS.contains(parts[0])) {
        throw new IllegalArgumentException("unsupported eviction signal " + parts[0]);
      }
      check(parts[1]);
      if (bounds.put(parts[0], parts[1]) != null) {
        throw new IllegalArgumentException(
            "found duplicate eviction threshold for signal " + parts[0]);
      }
    }
    return new EvictionThresholds(bounds);
  }

  private static void check(String bound) {
    if (!bound.endsWith("%")) {
      Quantity _ = Quantity.parse(bound);
    } else if (!bound.matches("[0-9]+(\\.[0-9]+)?%")) {
      throw new IllegalArgumentException("eviction threshold " + bound + " cannot be read");
    }
  }

  /// How much there should be at least, in bytes or numbers of files.
  ///
  /// @param signal as `nodefs.available`
  /// @param whole how much there is
  public long least(String signal, long whole) {
    String bound = bounds.getOrDefault(signal, "0");
    return bound.endsWith("%")
        ? (long) (whole * (Double.parseDouble(bound.substring(0, bound.length() - 1)) / 100))
        : Quantity.from(bound).units();
  }
}
