package dev.tiphys.scheduler.config.arguments;

import dev.tiphys.object.Struct;
import dev.tiphys.scheduler.config.fields.Fields;

/// What the demands and wishes of Pods that run already count for.
final class InterPodAffinityArguments {

  private static final String WEIGHT = "hardPodAffinityWeight";
  private static final String IGNORES = "ignorePreferredTermsOfExistingPods";

  private InterPodAffinityArguments() {}

  static Struct read(Fields fields) {
    long weight = fields.integer(WEIGHT, 1, "int32");
    if (weight < 0 || weight > 100) {
      fields.problems().invalid(fields.at(WEIGHT), weight, "not in valid range [0, 100]");
    }
    return Struct.of(WEIGHT, weight, IGNORES, fields.bool(IGNORES, false));
  }
}
