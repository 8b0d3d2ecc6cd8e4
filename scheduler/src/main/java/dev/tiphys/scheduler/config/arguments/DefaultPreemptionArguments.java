package dev.tiphys.scheduler.config.arguments;

import dev.tiphys.object.Struct;
import dev.tiphys.scheduler.config.fields.Fields;
import dev.tiphys.scheduler.config.fields.Problems;

/// How many nodes are compared before Pods are sent away.
final class DefaultPreemptionArguments {

  private static final String PERCENTAGE = "minCandidateNodesPercentage";
  private static final String ABSOLUTE = "minCandidateNodesAbsolute";

  private DefaultPreemptionArguments() {}

  static Struct read(Fields fields) {
    long percentage = fields.integer(PERCENTAGE, 10, "int32");
    long absolute = fields.integer(ABSOLUTE, 100, "int32");
    Problems problems = fields.problems();
    if (percentage < 0 || percentage > 100) {
      problems.invalid(fields.at(PERCENTAGE), percentage, "not in valid range [0, 100]");
    }
    if (absolute < 0) {
      problems.invalid(fields.at(ABSOLUTE), absolute, "not in valid range [0, inf)");
    }
    if (percentage == 0 && absolute == 0) {
      problems.invalid(fields.at(PERCENTAGE), 0, "cannot be zero at the same time as " + ABSOLUTE);
      problems.invalid(fields.at(ABSOLUTE), 0, "cannot be zero at the same time as " + PERCENTAGE);
    }
    return Struct.of(PERCENTAGE, percentage, ABSOLUTE, absolute);
  }
}
