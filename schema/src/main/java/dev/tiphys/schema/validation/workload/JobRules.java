package dev.tiphys.schema.validation.workload;

import dev.tiphys.object.Struct;
import dev.tiphys.schema.validation.Equality;
import dev.tiphys.schema.validation.FieldValue;
import dev.tiphys.schema.validation.Formats;
import dev.tiphys.schema.validation.GoText;
import dev.tiphys.schema.validation.PathRules;
import dev.tiphys.schema.validation.Restoring;
import dev.tiphys.schema.validation.SelectorRules;
import dev.tiphys.schema.validation.pod.PodRules;
import java.util.List;

/// Rules for Jobs.
public final class JobRules {

  static final String TYPES = "io.k8s.api.batch.v1.";
  private static final int MOST_INDEXES = 100_000;
  private static final int MOST_OF_MANY = 10_000;
  private static final int LONGEST_MANAGER = 63;
  private static final String MANY =
      " when completions are above " + MOST_INDEXES + " and used with backoff limit per index";
  private static final String INDEXED_ONLY = "requires indexed completion mode";
  private static final List<String> NUMBERS =
      List.of(
          "parallelism",
          "completions",
          "activeDeadlineSeconds",
          "backoffLimit",
          "ttlSecondsAfterFinished",
          "backoffLimitPerIndex",
          "maxFailedIndexes");

  private JobRules() {}

  public static void create(FieldValue job) {
    job(job, true);
  }

  private static void job(FieldValue job, boolean hasAllLabels) {
    FieldValue spec = job.at("spec");
    if (!spec.at("manualSelector").bool() && spec.at("selector").isSet()) {
      generated(job, hasAllLabels);
    }
    wholeSpec(spec);
    long completions = spec.at("completions").integer();
    FieldValue name = job.at("metadata", "name");
    if (isIndexed(spec.struct()) && completions > 0) {
      String pod = name.string() + "-" + (completions - 1);
      if (!Formats.dnsLabel(pod).isEmpty()) {
        name.invalid(name.string(), "will not able to create pod with invalid DNS label: " + pod);
      }
    }
  }

  static boolean isIndexed(Struct spec) {
    return spec.string("completionMode").equals("Indexed");
  }

  /// The labels and the selector that a Job gets when it does not say it brings its own.
  private static void generated(FieldValue job, boolean hasAllLabels) {
    FieldValue metadata = job.at("metadata");
    metadata.at("uid").mustBeSet();
    String uid = metadata.at("uid").string();
    String name = metadata.at("name").string();
    Struct labels = Struct.of("controller-uid", uid, "job-name", name);
    FieldValue carried = job.at("spec", "template").at("metadata", "labels");
    label(carried, "controller-uid", uid);
    label(carried, "job-name", name);
    if (hasAllLabels) {
      label(carried, "batch.kubernetes.io/controller-uid", uid);
      label(carried, "batch.kubernetes.io/job-name", name);
      labels =
          labels
              .with("batch.kubernetes.io/controller-uid", uid)
              .with("batch.kubernetes.io/job-name", name);
    }
    FieldValue selector = job.at("spec", "selector");
    if (!SelectorRules.isMatchedBy(selector.struct(), labels)) {
      selector.invalidText(
          GoText.struct(selector.value(), SelectorRules.TYPE), "`selector` not auto-generated");
    }
  }

  private static void label(FieldValue labels, String name, String value) {
    FieldValue label = labels.key(name);
    if (!label.isSet()) {
      label.required("must be '" + value + "'");
    } else if (!label.is(value)) {
      label.invalid(labels.value(), "must be '" + value + "'");
    }
  }

  private static void wholeSpec(FieldValue spec) {
    spec(spec);
    FieldValue selector = spec.at("selector");
    int errors = spec.errors().size();
    if (selector.isSet()) {
      SelectorRules.selector(selector);
      if (spec.errors().size() > errors) {
        return; // what is no selector matches nothing, and misses nothing
      }
    } else {
      selector.required();
    }
    FieldValue labels = spec.at("template", "metadata").at("labels");
    if (!selector.isSet() || !SelectorRules.isMatchedBy(selector.struct(), labels.struct())) {
      labels.invalid("`selector` does not match template `labels`");
    }
  }

  /// What holds for Jobs, and for what CronJobs make them from.
  static void spec(FieldValue spec) {
    for (String field : NUMBERS) {
      spec.at(field).mustNotBeNegative();
    }
    if (spec.at("maxFailedIndexes").isSet() && !spec.at("backoffLimitPerIndex").isSet()) {
      spec.at("backoffLimitPerIndex").required("when maxFailedIndexes is specified");
    }
    FieldValue manager = spec.at("managedBy");
    if (manager.isSet()) {
      PathRules.ofDomain(manager);
      manager.mustNotBeLongerThan(LONGEST_MANAGER);
    }
    spec.at("completionMode").mayBeOneOf(List.of("NonIndexed", "Indexed"));
    boolean indexed = isIndexed(spec.struct());
    if (indexed) {
      indexes(spec);
    } else if (!spec.at("completionMode").isSet() || spec.at("completionMode").is("NonIndexed")) {
      for (String field : List.of("backoffLimitPerIndex", "maxFailedIndexes")) {
        if (spec.at(field).isSet()) {
          spec.at(field).invalid(INDEXED_ONLY);
        }
      }
    }
    JobPolicyRules.failure(spec);
    FieldValue success = spec.at("successPolicy");
    if (success.isSet() && !indexed) {
      success.invalidText(GoText.struct(success.value(), TYPES + "SuccessPolicy"), INDEXED_ONLY);
    } else {
      JobPolicyRules.success(spec);
    }
    JobPolicyRules.replacement(spec);
    PodRules.template(spec.at("template"));
    restartPolicy(spec);
  }

  private static void indexes(FieldValue spec) {
    FieldValue completions = spec.at("completions");
    FieldValue parallelism = spec.at("parallelism");
    FieldValue failed = spec.at("maxFailedIndexes");
    if (!completions.isSet()) {
      completions.required("when completion mode is Indexed");
    }
    atMost(parallelism, MOST_INDEXES, " when completion mode is Indexed");
    if (completions.isSet() && failed.isSet() && failed.integer() > completions.integer()) {
      failed.invalid("must be less than or equal to completions");
    }
    atMost(failed, MOST_INDEXES, "");
    if (completions.integer() > MOST_INDEXES && spec.at("backoffLimitPerIndex").isSet()) {
      if (!failed.isSet()) {
        failed.required("must be specified when completions is above " + MOST_INDEXES);
      }
      atMost(parallelism, MOST_OF_MANY, MANY);
      atMost(failed, MOST_OF_MANY, MANY);
    }
  }

  private static void atMost(FieldValue number, int most, String when) {
    if (number.integer() > most) {
      number.invalid("must be less than or equal to " + most + when);
    }
  }

  private static void restartPolicy(FieldValue spec) {
    FieldValue policy = spec.at("template", "spec").at("restartPolicy");
    switch (policy.string()) {
      case "", "Always" -> policy.required("valid values: \"OnFailure\", \"Never\"");
      case "Never" -> {}
      case "OnFailure" -> {
        if (spec.at("podFailurePolicy").isSet()) {
          policy.invalid("only \"Never\" is supported when podFailurePolicy is specified");
        }
      }
      default -> policy.notSupported(List.of("OnFailure", "Never"));
    }
  }

  public static void update(FieldValue now, Struct before) {
    Struct labels = before.struct("spec", "template", "metadata", "labels");
    job(
        now,
        labels.has("batch.kubernetes.io/job-name")
            && labels.has("batch.kubernetes.io/controller-uid"));
    FieldValue spec = now.at("spec");
    if (!now.errors().isEmpty()) {
      wholeSpec(spec); // upstream looks twice, and tells twice what is wrong
    }
    Struct old = before.struct("spec");
    completions(spec, old);
    spec.at("selector").mustEqual(old.get("selector"), SelectorRules.TYPE);
    template(spec, before);
    spec.at("completionMode").mustEqual(old.get("completionMode"));
    spec.at("podFailurePolicy").mustEqual(old.get("podFailurePolicy"), TYPES + "PodFailurePolicy");
    spec.at("backoffLimitPerIndex").mustEqual(old.get("backoffLimitPerIndex"));
    spec.at("managedBy").mustEqual(old.get("managedBy"));
    spec.at("successPolicy").mustEqual(old.get("successPolicy"), TYPES + "SuccessPolicy");
  }

  /// The number of indexes may follow the number of Pods that run at once.
  private static void completions(FieldValue spec, Struct old) {
    FieldValue completions = spec.at("completions");
    if (!isIndexed(spec.struct())) {
      completions.mustEqual(old.get("completions"));
    } else if (completions.isSet()
        && !Equality.same(completions.value(), old.get("completions"))
        && completions.integer() != spec.at("parallelism").integer()) {
      completions.invalid("can only be modified in tandem with spec.parallelism");
    }
  }

  /// While a Job is suspended and none of its Pods run, it can be told where to run, and with what.
  private static void template(FieldValue spec, Struct before) {
    FieldValue template = spec.at("template");
    Struct old = before.struct("spec", "template");
    if (!isAtRest(before)) {
      template.mustEqual(old, "io.k8s.api.core.v1.PodTemplateSpec");
      return;
    }
    FieldValue pods = template.at("spec");
    Struct expected = old.struct("spec");
    Struct affinity =
        Restoring.withField(
            expected.struct("affinity"), pods.struct().struct("affinity"), "nodeAffinity");
    expected =
        affinity.isEmpty() && !pods.at("affinity").isSet()
            ? expected.without("affinity")
            : expected.with("affinity", affinity);
    for (String field : List.of("nodeSelector", "tolerations", "schedulingGates")) {
      expected = Restoring.withField(expected, pods.struct(), field);
    }
    for (String field : List.of("containers", "initContainers")) {
      expected = Restoring.withEach(expected, pods.struct(), field, "resources");
    }
    pods.mustEqual(expected, "io.k8s.api.core.v1.PodSpec");
  }

  private static boolean isAtRest(Struct job) {
    return job.bool("spec", "suspend")
        && job.integer("status", "active") == 0
        && (!job.has("status", "startTime") || JobStatusRules.isTrue(job, "Suspended"));
  }
}
