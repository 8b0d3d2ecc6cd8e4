package dev.tiphys.scheduler.plugins.devices.allocation;

import dev.tiphys.object.Quantity;
import dev.tiphys.object.Struct;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The devices that claims have, and the shares of devices.
///
/// Threads: one.
public final class Usage {

  /// The results of the claims' allocations, by uid.
  private final Map<String, List<Struct>> byClaim = new HashMap<>();

  /// How many claims have a device for themselves: more than one only if something has gone wrong.
  private final Map<DeviceId, Integer> taken = new HashMap<>();

  private final Map<DeviceId, Shares> shares = new HashMap<>();

  /// What is taken of a shared device.
  ///
  /// @param count how many shares there are
  private record Shares(int count, Map<String, Quantity> amounts) {

    static final Shares NONE = new Shares(0, Map.of());

    Shares plus(Struct consumed) {
      Map<String, Quantity> sum = new HashMap<>(amounts);
      for (String name : consumed.names()) {
        sum.merge(name, Quantity.from(consumed.get(name)), Quantity::plus);
      }
      return new Shares(count + 1, sum);
    }

    @Nullable Shares minus(Struct consumed) {
      Map<String, Quantity> rest = new HashMap<>(amounts);
      for (String name : consumed.names()) {
        rest.merge(name, Quantity.from(consumed.get(name)), Quantity::minus);
      }
      return count == 1 ? null : new Shares(count - 1, rest);
    }
  }

  /// Takes note of what a claim has.
  ///
  /// @param uid of the claim
  /// @param results of its allocation; empty if it has none
  public void put(String uid, List<Struct> results) {
    List<Struct> before =
        results.isEmpty() ? byClaim.remove(uid) : byClaim.put(uid, List.copyOf(results));
    if (before != null) {
      before.forEach(this::release);
    }
    results.forEach(this::take);
  }

  private void take(Struct result) {
    DeviceId device = DeviceId.of(result);
    if (result.has("shareID")) {
      shares.merge(
          device, Shares.NONE.plus(consumed(result)), (known, _) -> known.plus(consumed(result)));
    } else if (!result.bool("adminAccess")) {
      taken.merge(device, 1, Integer::sum);
    }
  }

  private void release(Struct result) {
    DeviceId device = DeviceId.of(result);
    if (result.has("shareID")) {
      shares.computeIfPresent(device, (_, known) -> known.minus(consumed(result)));
    } else if (!result.bool("adminAccess")) {
      taken.computeIfPresent(device, (_, count) -> count == 1 ? null : count - 1);
    }
  }

  private static Struct consumed(Struct result) {
    return result.struct("consumedCapacity");
  }

  /// Whether a claim has the device for itself.
  boolean isTaken(DeviceId device) {
    return taken.containsKey(device);
  }

  /// Whether claims have shares of the device.
  boolean isShared(DeviceId device) {
    return shares.containsKey(device);
  }

  /// What the shares of a device come to.
  Map<String, Quantity> amounts(DeviceId device) {
    return shares.getOrDefault(device, Shares.NONE).amounts;
  }
}
