package dev.tiphys.monitoring.state.families;

import dev.tiphys.client.ApiResource;
import dev.tiphys.object.Struct;
import dev.tiphys.object.Timestamps;
import dev.tiphys.object.api.Meta;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What Pods say. What their containers say is in [ContainerFamilies].
final class PodFamilies {

  private static final List<String> PHASES =
      List.of("Pending", "Succeeded", "Failed", "Unknown", "Running");
  private static final List<String> QOS = List.of("BestEffort", "Burstable", "Guaranteed");

  /// Reasons of a Pod's end that are told by name.
  private static final List<String> REASONS =
      List.of(
          "Evicted",
          "NodeAffinity",
          "NodeLost",
          "PreemptionByScheduler",
          "SchedulingGated",
          "Shutdown",
          "TerminationByKubelet",
          "UnexpectedAdmissionError");

  private static final Set<String> DISRUPTIONS =
      Set.of(
          "PreemptionByScheduler",
          "DeletionByTaintManager",
          "EvictionByEvictionAPI",
          "DeletionByPodGC",
          "TerminationByKubelet");

  private static final String OTHER = "Other";

  private PodFamilies() {}

  static KindFamilies pods() {
    KindFamilies.Builder table =
        new KindFamilies.Builder(
            "kube_pod",
            ApiResource.PODS,
            "namespace",
            "metadata.namespace",
            "pod",
            "metadata.name",
            "uid",
            "metadata.uid");
    new ContainerFamilies("container", "containers", "containerStatuses").addTo(table);
    new ContainerFamilies("init_container", "initContainers", "initContainerStatuses").addTo(table);
    spec(table);
    status(table);
    return table.build();
  }

  private static void spec(KindFamilies.Builder table) {
    table
        .created()
        .deleted()
        .owners()
        .gauge("_info", "A Pod, with where it is and what made it.", PodFamilies::info)
        .gauge(
            "_overhead_cpu_cores",
            "Processors that running the Pod takes beside its containers.",
            overhead("cpu"))
        .gauge(
            "_overhead_memory_bytes",
            "Memory that running the Pod takes beside its containers.",
            overhead("memory"))
        .gauge(
            "_resourceclaim_info",
            "A claim of devices that the Pod refers to, and the object that it stands for.",
            PodFamilies::claims)
        .gauge(
            "_restart_policy",
            "Whether containers that end are started again.",
            Rule.info("type", "spec.restartPolicy"))
        .gauge("_runtimeclass_name_info", "The class of runtime that it wants.", runtimeClass())
        .gauge(
            "_spec_volumes_persistentvolumeclaims_info",
            "A volume that is a claim's.",
            (pod, out) -> volumes(pod, out, _ -> 1))
        .gauge(
            "_spec_volumes_persistentvolumeclaims_readonly",
            "1 if such a volume may not be written to, or else 0.",
            (pod, out) -> volumes(pod, out, claim -> claim.bool("readOnly") ? 1 : 0))
        .gauge("_tolerations", "A taint that the Pod stands.", PodFamilies::tolerations)
        .gauge(
            "_service_account",
            "The account that the Pod works as.",
            Rule.info("service_account", "spec.serviceAccountName"))
        .gauge(
            "_scheduler",
            "The scheduler that finds a node for the Pod.",
            Rule.info("name", "spec.schedulerName"));
  }

  private static void status(KindFamilies.Builder table) {
    table
        .gauge("_completion_time", "When the last container ended.", PodFamilies::completion)
        .gauge("_ips", "An address of the Pod.", PodFamilies::addresses)
        .gauge("_start_time", "When the node took it on.", Rule.time("status", "startTime"))
        .gauge(
            "_status_phase",
            "Its phase: 1, and 0 for others.",
            Rule.oneOf("phase", PHASES, "status", "phase"))
        .gauge(
            "_status_qos_class",
            "Its class of service: 1, and 0 for others.",
            Rule.oneOf("qos_class", QOS, "status", "qosClass"))
        .gauge("_status_ready", "Whether it can serve.", Rule.condition("Ready"))
        .gauge("_status_ready_time", "Since when it can serve.", since("Ready", "True"))
        .gauge(
            "_status_initialized_time",
            "Since when it is initialized.",
            since("Initialized", "True"))
        .gauge(
            "_status_container_ready_time",
            "Since when all containers are ready.",
            since("ContainersReady", "True"))
        .gauge("_status_reason", "Why it ended.", PodFamilies::reasons)
        .gauge("_status_disruption_reason", "Why it is made to end.", PodFamilies::disruptions)
        .gauge("_status_scheduled", "Whether it has a node.", Rule.condition("PodScheduled"))
        .gauge("_status_scheduled_time", "Since when it has a node.", since("PodScheduled", "True"))
        .gauge("_status_unschedulable", "1 if no node can take it.", PodFamilies::unschedulable)
        .gauge(
            "_status_unscheduled_time",
            "Since when no node can take it.",
            since("PodScheduled", "False"));
  }

  private static void info(Struct pod, Samples out) {
    Struct maker = Meta.of(pod).controller();
    Struct known = maker == null ? Struct.EMPTY : maker;
    out.add(
        1,
        "host_ip",
        pod.string("status", "hostIP"),
        "pod_ip",
        pod.string("status", "podIP"),
        "node",
        pod.string("spec", "nodeName"),
        "created_by_kind",
        known.string("kind"),
        "created_by_name",
        known.string("name"),
        "priority_class",
        pod.string("spec", "priorityClassName"),
        "host_network",
        Boolean.toString(pod.bool("spec", "hostNetwork")));
  }

  private static Rule overhead(String resource) {
    return (pod, out) -> {
      Object amount = pod.get("spec", "overhead", resource);
      if (amount != null) {
        out.add(Rule.amount(amount));
      }
    };
  }

  private static Rule runtimeClass() {
    return (pod, out) -> {
      String name = pod.string("spec", "runtimeClassName");
      if (!name.isEmpty()) {
        out.add(1, "runtimeclass_name", name);
      }
    };
  }

  private static void claims(Struct pod, Samples out) {
    for (Struct claim : pod.structs("spec", "resourceClaims")) {
      String own = claim.string("resourceClaimName");
      String template = claim.string("resourceClaimTemplateName");
      if (own.isEmpty() && template.isEmpty()) {
        continue;
      }
      String name = claim.string("name");
      out.add(
          1,
          "claim_name",
          name,
          "resourceclaim_name",
          own.isEmpty() ? made(pod, name) : own,
          "resourceclaim_template_name",
          template);
    }
  }

  /// The claim that was made from a template; empty as long as there is none.
  private static String made(Struct pod, String name) {
    for (Struct status : pod.structs("status", "resourceClaimStatuses")) {
      if (status.string("name").equals(name)) {
        return status.string("resourceClaimName");
      }
    }
    return "";
  }

  private interface OfClaim {
    double value(Struct claim);
  }

  private static void volumes(Struct pod, Samples out, OfClaim value) {
    for (Struct volume : pod.structs("spec", "volumes")) {
      String name = volume.string("name");
      if (volume.has("persistentVolumeClaim")) {
        Struct claim = volume.struct("persistentVolumeClaim");
        volume(out, value.value(claim), name, claim.string("claimName"), false);
      } else if (volume.has("ephemeral")) {
        String claim = Meta.of(pod).name() + "-" + name;
        volume(out, value.value(Struct.EMPTY), name, claim, true);
      }
    }
  }

  private static void volume(
      Samples out, double value, String name, String claim, boolean ephemeral) {
    out.add(
        value,
        "volume",
        name,
        "persistentvolumeclaim",
        claim,
        "ephemeral",
        Boolean.toString(ephemeral));
  }

  private static void tolerations(Struct pod, Samples out) {
    for (Struct toleration : new LinkedHashSet<>(pod.structs("spec", "tolerations"))) {
      out.add(
          1,
          "key",
          toleration.string("key"),
          "operator",
          toleration.string("operator"),
          "value",
          toleration.string("value"),
          "effect",
          toleration.string("effect"),
          "toleration_seconds",
          toleration.has("tolerationSeconds")
              ? Long.toString(toleration.integer("tolerationSeconds"))
              : "");
    }
  }

  private static void completion(Struct pod, Samples out) {
    long last = 0;
    for (Struct container : pod.structs("status", "containerStatuses")) {
      Instant end = Timestamps.of(container.get("state", "terminated", "finishedAt"));
      last = end == null ? last : Math.max(last, end.getEpochSecond());
    }
    if (last > 0) {
      out.add(last);
    }
  }

  private static void addresses(Struct pod, Samples out) {
    for (Struct each : pod.structs("status", "podIPs")) {
      String ip = each.string("ip");
      if (!ip.isEmpty()) {
        out.add(1, "ip", ip, "ip_family", ip.contains(":") && !ip.contains(".") ? "6" : "4");
      }
    }
  }

  private static Rule since(String type, String status) {
    return (pod, out) -> {
      Struct condition = inState(pod, type, status);
      Instant time = condition == null ? null : Timestamps.of(condition.get("lastTransitionTime"));
      if (time != null) {
        out.add(time.getEpochSecond());
      }
    };
  }

  private static @Nullable Struct inState(Struct pod, String type, String status) {
    Struct condition = Meta.condition(pod, type);
    return condition != null && condition.string("status").equals(status) ? condition : null;
  }

  private static void unschedulable(Struct pod, Samples out) {
    if (inState(pod, "PodScheduled", "False") != null) {
      out.add(1);
    }
  }

  private static void reasons(Struct pod, Samples out) {
    String own = pod.string("status", "reason");
    Set<String> told = new LinkedHashSet<>();
    told.add(own);
    for (Struct condition : pod.structs("status", "conditions")) {
      told.add(condition.string("reason"));
    }
    for (Struct container : pod.structs("status", "containerStatuses")) {
      told.add(container.string("state", "terminated", "reason"));
    }
    for (String reason : REASONS) {
      if (told.contains(reason)) {
        out.add(1, "reason", reason);
      }
    }
    if (!own.isEmpty() && !REASONS.contains(own)) {
      out.add(1, "reason", OTHER);
    }
  }

  private static void disruptions(Struct pod, Samples out) {
    for (Struct condition : pod.structs("status", "conditions")) {
      if (condition.string("type").equals("DisruptionTarget")) {
        String reason = condition.string("reason");
        out.add(1, "reason", DISRUPTIONS.contains(reason) ? reason : OTHER);
      }
    }
  }
}
