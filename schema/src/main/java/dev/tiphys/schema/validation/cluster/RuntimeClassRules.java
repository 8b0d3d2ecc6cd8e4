package dev.tiphys.schema.validation.cluster;

import dev.tiphys.object.Struct;
import dev.tiphys.schema.validation.FieldValue;
import dev.tiphys.schema.validation.Formats;
import dev.tiphys.schema.validation.GoText;
import dev.tiphys.schema.validation.ResourceRules;
import dev.tiphys.schema.validation.SchedulingRules;
import dev.tiphys.schema.validation.SelectorRules;
import java.util.HashSet;
import java.util.Set;

/// Rules for RuntimeClasses.
public final class RuntimeClassRules {

  private RuntimeClassRules() {}

  public static void create(FieldValue runtime) {
    runtime.at("handler").mustBe(Formats::dnsLabel);
    FieldValue overhead = runtime.at("overhead");
    if (overhead.isSet()) {
      ResourceRules.overhead(overhead.holding(overhead.at("podFixed").struct()));
    }
    FieldValue scheduling = runtime.at("scheduling");
    SelectorRules.labels(scheduling.at("nodeSelector"));
    FieldValue tolerations = scheduling.at("tolerations");
    SchedulingRules.tolerations(shown(tolerations));
    Set<Struct> seen = new HashSet<>();
    for (FieldValue toleration : tolerations.items()) {
      if (!seen.add(toleration.struct().without("tolerationSeconds"))) {
        toleration.duplicateText(
            GoText.struct(toleration.value(), "io.k8s.api.core.v1.Toleration"));
      }
    }
  }

  /// Upstream's paths name the list twice, but for doubles.
  private static FieldValue shown(FieldValue tolerations) {
    return tolerations.at("tolerations").holding(tolerations.value());
  }

  public static void update(FieldValue now, Struct before) {
    create(now);
    now.at("handler").mustEqual(before.get("handler"));
  }
}
