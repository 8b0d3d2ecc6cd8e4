package dev.tiphys.apiserver.kinds;

import dev.tiphys.apiserver.registry.Strategy;
import dev.tiphys.apiserver.request.Call;
import dev.tiphys.object.Struct;
import org.jspecify.annotations.Nullable;

/// Jobs: unless told otherwise, they find their Pods by labels that the server gives them.
final class JobStrategy implements Strategy {

  private static final String PREFIX = "batch.kubernetes.io/";

  @Override
  public Struct prepareForCreate(Call call, Struct job) {
    if (job.bool("spec", "manualSelector")) {
      return job;
    }
    boolean sharesLabels =
        job.struct("metadata", "labels")
            .equals(job.struct("spec", "template", "metadata", "labels"));
    String name = job.string("metadata", "name");
    String uid = job.string("metadata", "uid");
    Struct labelled = job;
    labelled = labelled(labelled, "job-name", name);
    labelled = labelled(labelled, PREFIX + "job-name", name);
    labelled = labelled(labelled, "controller-uid", uid);
    labelled = labelled(labelled, PREFIX + "controller-uid", uid);
    String key = PREFIX + "controller-uid";
    Struct selecting =
        labelled.has("spec", "selector", "matchLabels", key)
            ? labelled
            : labelled.withAt(uid, "spec", "selector", "matchLabels", key);
    // a Job that was given the labels of its Pods by default has these as well
    return sharesLabels
        ? selecting.withAt(
            selecting.struct("spec", "template", "metadata", "labels"), "metadata", "labels")
        : selecting;
  }

  private static Struct labelled(Struct job, String key, String value) {
    return job.has("spec", "template", "metadata", "labels", key)
        ? job
        : job.withAt(value, "spec", "template", "metadata", "labels", key);
  }

  @Override
  public @Nullable String selectable(Struct job, String field) {
    return field.equals("status.successful")
        ? Long.toString(job.integer("status", "succeeded"))
        : null;
  }
}
