package dev.tiphys.schema.validation.cluster;

import dev.tiphys.object.Struct;
import dev.tiphys.schema.validation.FieldValue;
import dev.tiphys.schema.validation.pod.PodSpecRules;
import java.util.Map;

/// Rules for PriorityClasses.
public final class PriorityClassRules {

  private static final String SYSTEM = "system-";
  private static final long HIGHEST = 1_000_000_000;
  private static final Map<String, Long> SYSTEM_CLASSES =
      Map.of("system-node-critical", 2_000_001_000L, "system-cluster-critical", 2_000_000_000L);

  private PriorityClassRules() {}

  public static void create(FieldValue priority) {
    FieldValue name = priority.at("metadata", "name");
    long value = priority.at("value").integer();
    if (name.string().startsWith(SYSTEM)) {
      system(name, value, priority.at("globalDefault").bool());
    } else if (value > HIGHEST) {
      priority
          .at("value")
          .forbidden("maximum allowed value of a user defined priority is " + HIGHEST);
    }
    FieldValue preemption = priority.at("preemptionPolicy");
    if (preemption.isSet()) {
      preemption.mustBeSetToOneOf(PodSpecRules.PREEMPTION_POLICIES);
    }
  }

  private static void system(FieldValue name, long value, boolean isDefault) {
    Long expected = SYSTEM_CLASSES.get(name.string());
    if (expected == null) {
      reserved(name, name.string() + " is not a known system priority class");
    } else if (expected != value) {
      reserved(name, "value of " + name.string() + " PriorityClass must be " + expected);
    } else if (isDefault) {
      reserved(name, "globalDefault of " + name.string() + " PriorityClass must be false");
    }
  }

  private static void reserved(FieldValue name, String why) {
    name.forbidden(
        "priority class names with 'system-' prefix are reserved for system use only. error: "
            + why);
  }

  public static void update(FieldValue now, Struct before) {
    if (now.at("value").integer() != before.integer("value")) {
      now.at("value").forbidden("may not be changed in an update.");
    }
    now.at("preemptionPolicy").mustEqual(before.get("preemptionPolicy"));
  }
}
