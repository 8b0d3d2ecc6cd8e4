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
      return withLabelsOfTemplate(job);
    }
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
    return withLabelsOfTemplate(selecting);
  }

  @Override
  public Struct prepareForUpdate(Call call, Struct job, Struct old) {
    return withLabelsOfTemplate(job);
  }

  /// A Job without labels of its own has those of its Pods.
  private static Struct withLabelsOfTemplate(Struct job) {
    Struct labels = job.struct("spec", "template", "metadata", "labels");
    return labels.isEmpty() || !job.struct("metadata", "labels").isEmpty()
        ? job
        : job.withAt(labels, "metadata", "labels");
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
