package dev.tiphys.schema.warnings;

import dev.tiphys.object.Struct;
import dev.tiphys.schema.validation.Formats;
import java.util.List;

/// Warnings about what makes Pods.
final class WorkloadWarnings {

  private static final long MANY_COMPLETIONS = 100_000;
  private static final long MUCH_PARALLELISM = 10_000;

  private WorkloadWarnings() {}

  static void name(Subject workload) {
    List<String> problems = Formats.dnsLabel(workload.object().string("metadata", "name"));
    if (!problems.isEmpty()) {
      workload.warn(
          "metadata.name",
          "this is used in Pod names and hostnames, which can result in surprising behavior; a DNS"
              + " label is recommended: ["
              + String.join(" ", problems)
              + "]");
    }
  }

  static void podTemplate(Subject template) {
    PodWarnings.template(template.at("template"));
  }

  static void template(Subject workload) {
    PodWarnings.template(workload.at("spec", "template"));
  }

  static void statefulSet(Subject set) {
    template(set);
    for (Subject claim : set.items("spec", "volumeClaimTemplates")) {
      claimSpec(claim, "");
    }
    history(set);
  }

  static void changedStatefulSet(Subject set, Struct before) {
    Warnings.ifChanged(set, before, WorkloadWarnings::template);
    for (Subject claim : set.items("spec", "volumeClaimTemplates")) {
      claimSpec(claim, ".Spec");
    }
    history(set);
  }

  /// Upstream leaves the name of the spec out of the path, or writes it in a capital.
  private static void claimSpec(Subject claim, String spec) {
    Subject shown = Subject.top(claim.object());
    VolumeWarnings.claimSpec(shown.at("spec"));
    for (String warning : shown.warnings()) {
      claim.say(claim.path("") + spec + warning.substring("spec".length()));
    }
  }

  private static void history(Subject set) {
    if (set.object().integer("spec", "revisionHistoryLimit") < 0) {
      set.warn(
          "spec.revisionHistoryLimit",
          "a negative value retains all historical revisions; a value >= 0 is recommended");
    }
  }

  static void job(Subject job) {
    jobSpec(job.at("spec"));
  }

  private static void jobSpec(Subject spec) {
    boolean many =
        spec.object().string("completionMode").equals("Indexed")
            && spec.object().integer("completions") > MANY_COMPLETIONS
            && spec.object().integer("parallelism") > MUCH_PARALLELISM;
    if (many) {
      spec.warn(
          "",
          "In Indexed Jobs with a number of completions higher than 10^5 and a parallelism higher"
              + " than 10^4, Kubernetes might not be able to track completedIndexes when a big"
              + " number of indexes fail");
    }
    PodWarnings.template(spec.at("template"));
  }

  static void cronJob(Subject cronJob) {
    name(cronJob);
    jobSpec(cronJob.at("spec", "jobTemplate", "spec"));
    zone(cronJob);
  }

  static void changedCronJob(Subject cronJob, Struct before) {
    Warnings.ifChanged(cronJob, before, now -> jobSpec(now.at("spec", "jobTemplate", "spec")));
    zone(cronJob);
  }

  private static void zone(Subject cronJob) {
    if (cronJob.object().string("spec", "schedule").contains("TZ")) {
      cronJob.say(
          "CRON_TZ or TZ used in spec.spec.schedule is not officially supported, see"
              + " https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/ for more"
              + " details");
    }
  }
}
