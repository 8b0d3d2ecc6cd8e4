package dev.tiphys.schema.validation.device;

import dev.tiphys.object.Struct;
import dev.tiphys.schema.validation.FieldValue;
import dev.tiphys.schema.validation.Formats;
import dev.tiphys.schema.validation.GoText;
import dev.tiphys.schema.validation.SchedulingRules;
import dev.tiphys.schema.validation.storage.DriverRules;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Rules for ResourceSlices: which devices there are, and where.
public final class DeviceSliceRules {

  private static final int MOST_DEVICES = 128;
  private static final int MOST_SPECIAL_DEVICES = 64;
  private static final int MOST_COUNTER_SETS = 8;
  private static final String ONE_PLACE =
      "exactly one of `nodeName`, `nodeSelector`, `allNodes`, `perDeviceNodeSelection` is required";
  private static final String OR_TRUE = "must be either unset or set to true";

  private DeviceSliceRules() {}

  public static void create(FieldValue slice) {
    spec(slice.at("spec"), null);
  }

  public static void update(FieldValue now, Struct before) {
    spec(now.at("spec"), before.struct("spec"));
  }

  private static void spec(FieldValue spec, @Nullable Struct old) {
    DriverRules.csiDriver(spec.at("driver"));
    pool(spec.at("pool"));
    if (old != null) {
      spec.at("pool", "name").mustEqual(old.get("pool", "name"));
      spec.at("driver").mustEqual(old.get("driver"));
      spec.at("nodeName").mustEqual(old.get("nodeName"));
    }
    place(spec);
    FieldValue counters = spec.at("sharedCounters");
    FieldValue devices = spec.at("devices");
    if (counters.isSet() && devices.isSet()) {
      spec.invalid("", "only one of `sharedCounters` or `devices` is allowed");
    }
    boolean isPerDevice = spec.at("perDeviceNodeSelection").bool();
    DeviceNames.set(
        devices,
        devices.structs().stream().anyMatch(DeviceSliceRules::isSpecial)
            ? MOST_SPECIAL_DEVICES
            : MOST_DEVICES,
        device -> DeviceRules.device(device, old, isPerDevice),
        device -> device.at("name").string());
    DeviceNames.set(
        counters,
        MOST_COUNTER_SETS,
        counterSet -> {
          counterSet.at("name").mustBeSetAnd(Formats::dnsLabel);
          DeviceRules.counters(counterSet.at("counters"));
        },
        counterSet -> counterSet.at("name").string());
  }

  private static boolean isSpecial(Struct device) {
    Struct attributes = device.struct("attributes");
    return !device.list("taints").isEmpty()
        || !device.list("consumesCounters").isEmpty()
        || attributes.names().stream()
            .map(attributes::struct)
            .anyMatch(
                value ->
                    List.of("bools", "ints", "strings", "versions").stream().anyMatch(value::has));
  }

  private static void pool(FieldValue pool) {
    DeviceNames.pool(pool.at("name"));
    FieldValue count = pool.at("resourceSliceCount");
    if (count.integer() <= 0) {
      count.invalid(count.integer(), "must be greater than zero");
    }
    FieldValue generation = pool.at("generation");
    if (generation.integer() < 0) {
      generation.invalid("must be greater than or equal to zero");
    }
  }

  private static void place(FieldValue spec) {
    List<String> ways = new ArrayList<>();
    node(spec, "must be either unset or set to a non-empty string", ways);
    FieldValue selector = spec.at("nodeSelector");
    FieldValue terms = selector.at("nodeSelectorTerms");
    if (selector.isSet() && terms.list().size() != 1) {
      terms.invalidText(
          GoText.structs(terms.structs(), "io.k8s.api.core.v1.NodeSelectorTerm"),
          "must have exactly one node selector term");
    }
    flag(spec, "allNodes", ways);
    flag(spec, "perDeviceNodeSelection", ways);
    if (ways.isEmpty()) {
      spec.required(ONE_PLACE);
    } else if (ways.size() > 1) {
      spec.invalid(
          "{" + String.join(", ", ways) + "}", ONE_PLACE + ", but multiple fields are set");
    }
  }

  /// @param empty what is said of a name that is empty
  /// @param ways gets the ways in which nodes are told
  static void node(FieldValue holder, String empty, List<String> ways) {
    FieldValue name = holder.at("nodeName");
    if (name.isSet() && name.isEmpty()) {
      name.invalid(empty);
    } else if (name.isSet()) {
      ways.add("`nodeName`");
      name.mustBe(Formats::dnsSubdomain);
    }
    FieldValue selector = holder.at("nodeSelector");
    if (selector.isSet()) {
      ways.add("`nodeSelector`");
      SchedulingRules.nodeSelector(selector);
    }
  }

  static void flag(FieldValue holder, String field, List<String> ways) {
    FieldValue flag = holder.at(field);
    if (flag.bool()) {
      ways.add("`" + field + "`");
    } else if (flag.isSet()) {
      flag.invalid(OR_TRUE);
    }
  }
}
