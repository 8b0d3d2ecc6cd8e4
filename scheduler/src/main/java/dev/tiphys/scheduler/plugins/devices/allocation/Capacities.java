package dev.tiphys.scheduler.plugins.devices.allocation;

import dev.tiphys.object.Quantity;
import dev.tiphys.object.Struct;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// How much of a device a request takes. Pure.
final class Capacities {

  private Capacities() {}

  /// What a request takes of each capacity of a device; null if the device can't give that, be it
  /// as free as it may.
  ///
  /// @param capacity of the device
  static @Nullable Map<String, Quantity> wanted(Map<String, Quantity> requested, Struct capacity) {
    if (!capacity.names().containsAll(requested.keySet())) {
      return null;
    }
    Map<String, Quantity> wanted = new TreeMap<>();
    for (String name : capacity.names()) {
      Struct one = capacity.struct(name);
      Struct policy = one.struct("requestPolicy");
      Quantity all = Quantity.from(one.get("value"));
      Quantity amount = amount(requested.get(name), all, policy);
      if (violates(amount, policy) || amount.compareTo(all) > 0) {
        return null;
      }
      wanted.put(name, amount);
    }
    return wanted;
  }

  private static Quantity amount(@Nullable Quantity requested, Quantity all, Struct policy) {
    if (requested == null) {
      return policy.has("default") ? Quantity.from(policy.get("default")) : all;
    }
    if (policy.has("validRange", "min")) {
      return roundedUp(requested, policy.struct("validRange"));
    }
    return quantities(policy).stream()
        .filter(valid -> valid.compareTo(requested) >= 0)
        .min(Quantity::compareTo)
        .orElse(requested);
  }

  private static List<Quantity> quantities(Struct policy) {
    return policy.list("validValues").stream().map(Quantity::from).toList();
  }

  private static Quantity roundedUp(Quantity requested, Struct range) {
    Quantity low = Quantity.from(range.get("min"));
    if (requested.compareTo(low) < 0) {
      return low;
    }
    if (!range.has("step")) {
      return requested;
    }
    long step = Quantity.from(range.get("step")).units();
    long above = requested.units() - low.units();
    long steps = step <= 0 ? above : Math.ceilDiv(above, step);
    return Quantity.ofBytes(low.units() + steps * Math.max(step, 1));
  }

  private static boolean violates(Quantity amount, Struct policy) {
    if (policy.has("default") && amount.compareTo(Quantity.from(policy.get("default"))) == 0) {
      return false;
    }
    if (policy.has("validRange")) {
      return violatesRange(amount, policy.struct("validRange"));
    }
    List<Quantity> valid = quantities(policy);
    return !valid.isEmpty() && valid.stream().noneMatch(one -> one.compareTo(amount) == 0);
  }

  private static boolean violatesRange(Quantity amount, Struct range) {
    Quantity low = Quantity.from(range.get("min"));
    if (amount.compareTo(low) < 0
        || (range.has("max") && amount.compareTo(Quantity.from(range.get("max"))) > 0)) {
      return true;
    }
    long step = range.has("step") ? Quantity.from(range.get("step")).units() : 0;
    return step > 0 && (amount.units() - low.units()) % step != 0;
  }
}
