package dev.tiphys.apiserver.table;

import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What the columns of Jobs show.
final class JobCells {

  private JobCells() {}

  static String status(Struct job) {
    if (Meta.isTrue(job, "Complete")) {
      return "Complete";
    }
    if (Meta.isTrue(job, "Failed")) {
      return "Failed";
    }
    if (Meta.of(job).isBeingDeleted()) {
      return "Terminating";
    }
    if (Meta.isTrue(job, "Suspended")) {
      return "Suspended";
    }
    return Meta.isTrue(job, "FailureTarget") ? "FailureTarget" : "Running";
  }

  static String completions(Struct job) {
    long succeeded = job.integer("status", "succeeded");
    if (job.has("spec", "completions")) {
      return succeeded + "/" + job.integer("spec", "completions");
    }
    long parallel = job.integer("spec", "parallelism");
    return parallel > 1 ? succeeded + "/1 of " + parallel : succeeded + "/1";
  }

  static @Nullable String duration(Struct job, Instant now) {
    return KindCells.span(job.get("status", "startTime"), job.get("status", "completionTime"), now);
  }
}
