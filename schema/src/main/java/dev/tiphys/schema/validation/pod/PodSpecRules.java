package dev.tiphys.schema.validation.pod;

import dev.tiphys.object.Struct;
import dev.tiphys.schema.validation.AddressRules;
import dev.tiphys.schema.validation.FieldValue;
import dev.tiphys.schema.validation.Formats;
import dev.tiphys.schema.validation.ResourceRules;
import dev.tiphys.schema.validation.SchedulingRules;
import dev.tiphys.schema.validation.SelectorRules;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Rules for the specification of a Pod, be it in a Pod or in a template.
public final class PodSpecRules {

  static final List<String> RESTART_POLICIES = List.of("Always", "OnFailure", "Never");
  private static final List<String> DNS_POLICIES =
      List.of("ClusterFirstWithHostNet", "ClusterFirst", "Default", "None");
  public static final List<String> PREEMPTION_POLICIES = List.of("PreemptLowerPriority", "Never");
  private static final String HOST_USERS = "when `hostUsers` is false";
  private static final int LONGEST_HOST_NAME = 64;

  private PodSpecRules() {}

  /// @param metadata the metadata of the Pod; empty for a template
  static void spec(FieldValue spec, PodContext pod, Struct metadata) {
    if (!spec.at("terminationGracePeriodSeconds").isSet()) {
      spec.at("terminationGracePeriodSeconds").required();
    }
    VolumeRules.volumes(spec.at("volumes"), pod, metadata.string("name"));
    PodResourceRules.claims(spec.at("resourceClaims"), metadata);
    ContainerListRules.containers(spec, pod);
    PodResourceRules.resources(spec, pod);
    hostNetworkPorts(spec, pod);
    spec.at("restartPolicy").mustBeSetToOneOf(RESTART_POLICIES);
    spec.at("dnsPolicy").mustBeSetToOneOf(DNS_POLICIES);
    SelectorRules.labels(spec.at("nodeSelector"));
    SecurityRules.ofPod(spec);
    SchedulingRules.affinity(spec.at("affinity"));
    DnsRules.config(spec);
    readinessGates(spec.at("readinessGates"));
    schedulingGates(spec.at("schedulingGates"));
    SpreadRules.constraints(spec.at("topologySpreadConstraints"));
    WindowsRules.hostProcesses(spec);
    hostUsers(spec, pod);
    names(spec);
    OperatingSystemRules.operatingSystem(spec);
    schedulingGroup(spec.at("schedulingGroup"));
    fileKeyVolumes(spec);
  }

  private static void names(FieldValue spec) {
    hostNameOverride(spec);
    spec.at("serviceAccountName").mayBe(Formats::dnsSubdomain);
    spec.at("nodeName").mayBe(Formats::dnsSubdomain);
    FieldValue deadline = spec.at("activeDeadlineSeconds");
    if (deadline.isSet()) {
      deadline.mustBeBetween(1, Integer.MAX_VALUE);
    }
    spec.at("hostname").mayBe(Formats::dnsLabel);
    spec.at("subdomain").mayBe(Formats::dnsLabel);
    SchedulingRules.tolerations(spec.at("tolerations"));
    hostAliases(spec.at("hostAliases"));
    spec.at("priorityClassName").mayBe(Formats::dnsSubdomain);
    if (spec.at("runtimeClassName").isSet()) {
      spec.at("runtimeClassName").mustBe(Formats::dnsSubdomain);
    }
    FieldValue preemption = spec.at("preemptionPolicy");
    if (preemption.isSet()) {
      preemption.mustBeSetToOneOf(PREEMPTION_POLICIES);
    }
    ResourceRules.overhead(spec.at("overhead"));
  }

  private static void hostNetworkPorts(FieldValue spec, PodContext pod) {
    if (!spec.at("hostNetwork").bool()) {
      return;
    }
    for (FieldValue container : spec.at("containers").items()) {
      for (FieldValue port : container.at("ports").items()) {
        long host = port.at("hostPort").integer();
        if (host != port.at("containerPort").integer() && (host != 0 || pod.isPod())) {
          port.at("hostPort")
              .invalid(host, "must match `containerPort` when `hostNetwork` is true");
        }
      }
    }
  }

  private static void readinessGates(FieldValue gates) {
    for (FieldValue gate : gates.items()) {
      gate.at("conditionType").mustBe(Formats::labelKey);
    }
  }

  private static void schedulingGates(FieldValue gates) {
    Set<Object> seen = new HashSet<>();
    for (FieldValue gate : gates.items()) {
      FieldValue name = gate.holding(gate.at("name").string());
      name.mustBe(Formats::labelKey);
      name.mustBeNewIn(seen);
    }
  }

  private static void hostUsers(FieldValue spec, PodContext pod) {
    if (pod.hostUsers()) {
      return;
    }
    if (spec.at("hostNetwork").bool()) {
      spec.at("hostNetwork").forbidden(HOST_USERS);
    }
    if (spec.at("hostPID").bool()) {
      spec.at("HostPID").forbidden(HOST_USERS);
    }
    if (spec.at("hostIPC").bool()) {
      spec.at("HostIPC").forbidden(HOST_USERS);
    }
    for (FieldValue container : ContainerListRules.all(spec)) {
      if (!container.at("volumeDevices").isEmpty()) {
        container.at("volumeDevices").forbidden(HOST_USERS);
      }
    }
  }

  private static void hostNameOverride(FieldValue spec) {
    FieldValue name = spec.at("hostnameOverride");
    if (!name.isSet()) {
      return;
    }
    if (spec.at("setHostnameAsFQDN").bool()) {
      name.forbidden("may not be specified when setHostnameAsFQDN is true");
    }
    if (spec.at("hostNetwork").bool()) {
      name.forbidden("may not be specified when hostNetwork is true");
    }
    name.mustNotBeLongerThan(LONGEST_HOST_NAME);
    name.mustBe(Formats::dnsSubdomain);
  }

  private static void hostAliases(FieldValue aliases) {
    for (FieldValue alias : aliases.items()) {
      AddressRules.address(alias.at("ip"));
      for (FieldValue name : alias.at("hostnames").items()) {
        name.mustBe(Formats::dnsSubdomain);
      }
    }
  }

  private static void schedulingGroup(FieldValue group) {
    if (group.isSet()) {
      FieldValue name = group.at("podGroupName");
      if (name.isSet()) {
        name.mustBe(Formats::dnsSubdomain);
      } else {
        name.invalid("must specify one of: `podGroupName`");
      }
    }
  }

  /// Variables are read from files that another container wrote to an empty directory.
  private static void fileKeyVolumes(FieldValue spec) {
    for (FieldValue container : ContainerListRules.all(spec)) {
      for (FieldValue variable : container.at("env").items()) {
        if (variable.struct().has("valueFrom", "fileKeyRef")) {
          fileKeyVolume(variable.at("valueFrom").at("fileKeyRef", "volumeName"), spec);
        }
      }
    }
  }

  private static void fileKeyVolume(FieldValue name, FieldValue spec) {
    for (Struct volume : spec.at("volumes").structs()) {
      if (volume.string("name").equals(name.string())) {
        if (!volume.has("emptyDir")) {
          name.invalid("referenced volume must be of type emptyDir");
        }
        return;
      }
    }
    name.holding(name.string()).notFound();
  }
}
