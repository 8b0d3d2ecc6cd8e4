package dev.tiphys.schema.validation;

import dev.tiphys.object.Struct;
import java.util.HashSet;
import java.util.Set;

/// Rules for RuntimeClasses.
final class RuntimeClassRules {

  private RuntimeClassRules() {}

  static void create(Place runtime) {
    runtime.at("handler").mustBeSetAnd(Formats::dnsLabel);
    Place overhead = runtime.at("overhead");
    if (overhead.isSet()) {
      ResourceRules.overhead(overhead.holding(overhead.at("podFixed").struct()));
    }
    Place scheduling = runtime.at("scheduling");
    SelectorRules.labels(scheduling.at("nodeSelector"));
    Place tolerations = scheduling.at("tolerations");
    SchedulingRules.tolerations(tolerations);
    Set<Struct> seen = new HashSet<>();
    for (Place toleration : tolerations.items()) {
      if (!seen.add(toleration.struct().without("tolerationSeconds"))) {
        toleration.duplicateText(
            GoText.struct(toleration.value(), "io.k8s.api.core.v1.Toleration"));
      }
    }
  }

  static void update(Place now, Struct before) {
    create(now);
    now.at("handler").mustEqual(before.get("handler"));
  }
}
