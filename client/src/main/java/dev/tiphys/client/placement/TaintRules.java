package dev.tiphys.client.placement;

import dev.tiphys.object.Struct;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/// What DeviceTaintRules do to devices that drivers have published. Pure.
public final class TaintRules {

  private TaintRules() {}

  /// Whether a rule is about a device. One that selects nothing is about none; what its selector
  /// does not name may be anything.
  public static boolean selects(Struct rule, String driver, String pool, String device) {
    return rule.has("spec", "deviceSelector")
        && isAny(rule, "driver", driver)
        && isAny(rule, "pool", pool)
        && isAny(rule, "device", device);
  }

  private static boolean isAny(Struct rule, String field, String value) {
    return !rule.has("spec", "deviceSelector", field)
        || rule.string("spec", "deviceSelector", field).equals(value);
  }

  /// The taints that rules put on a device.
  public static List<Struct> taints(
      Collection<Struct> rules, String driver, String pool, String device) {
    return rules.stream()
        .filter(rule -> selects(rule, driver, pool, device))
        .map(rule -> rule.struct("spec", "taint"))
        .toList();
  }

  /// A ResourceSlice whose devices have the taints of rules as well; the same if they have none.
  public static Struct applied(Collection<Struct> rules, Struct slice) {
    String driver = slice.string("spec", "driver");
    String pool = slice.string("spec", "pool", "name");
    boolean changed = false;
    List<Struct> devices = new ArrayList<>();
    for (Struct device : slice.structs("spec", "devices")) {
      List<Struct> more = taints(rules, driver, pool, device.string("name"));
      if (more.isEmpty()) {
        devices.add(device);
      } else {
        List<Struct> all = new ArrayList<>(device.structs("taints"));
        all.addAll(more);
        devices.add(device.with("taints", all));
        changed = true;
      }
    }
    return changed ? slice.withAt(devices, "spec", "devices") : slice;
  }
}
