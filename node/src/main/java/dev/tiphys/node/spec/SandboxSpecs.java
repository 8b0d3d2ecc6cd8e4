package dev.tiphys.node.spec;

import dev.tiphys.node.pod.Pod;
import dev.tiphys.node.pod.PodContainer;
import dev.tiphys.node.pod.QosClass;
import dev.tiphys.node.runtime.PodLabels;
import dev.tiphys.node.runtime.spec.SandboxName;
import dev.tiphys.node.runtime.spec.SandboxSpec;
import dev.tiphys.node.settings.NodeSettings;
import dev.tiphys.object.Struct;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Sandboxes as Pods ask for them.
public final class SandboxSpecs {
  private final NodeSettings settings;
  private final NameServers names;
  private final Security security;

  public SandboxSpecs(NodeSettings settings, NameServers names) {
    this.settings = settings;
    this.names = names;
    this.security = new Security(settings.directories().seccomp());
  }

  /// @param attempt how many sandboxes the Pod had before
  public SandboxSpec of(Pod pod, int attempt) {
    SandboxName name = pod.sandboxName(attempt);
    Map<String, String> labels = strings(pod.meta().labels());
    labels.putAll(PodLabels.ofSandbox(name));
    labels.put(PodLabels.NODE, settings.name());
    Map<String, String> sysctls = new HashMap<>();
    for (Struct sysctl : pod.security().structs("sysctls")) {
      sysctls.put(sysctl.string("name"), sysctl.string("value"));
    }
    return new SandboxSpec(
        name,
        pod.hostNetwork() ? "" : hostname(pod),
        settings.directories().logs(pod.namespace(), pod.name(), pod.uid()).toString(),
        names.of(pod),
        ports(pod),
        labels,
        strings(pod.meta().annotations()),
        cgroup(settings.cgroup(), pod),
        sysctls,
        security.ofSandbox(pod),
        "");
  }

  /// The cgroup of a Pod.
  ///
  /// @param top the cgroup that holds those of all Pods
  public static String cgroup(String top, Pod pod) {
    return cgroup(top, pod.qos(), pod.uid());
  }

  /// As [#cgroup(String, Pod)].
  public static String cgroup(String top, QosClass qos, String uid) {
    String middle =
        switch (qos) {
          case GUARANTEED -> "";
          case BURSTABLE -> "/burstable";
          case BEST_EFFORT -> "/besteffort";
        };
    return top + middle + "/pod" + uid;
  }

  private String hostname(Pod pod) {
    String subdomain = pod.spec().string("subdomain");
    if (pod.spec().bool("setHostnameAsFQDN") && !subdomain.isEmpty()) {
      return "%s.%s.%s.svc.%s"
          .formatted(pod.hostname(), subdomain, pod.namespace(), settings.clusterDomain());
    }
    return pod.hostname();
  }

  private static List<SandboxSpec.Port> ports(Pod pod) {
    List<SandboxSpec.Port> ports = new ArrayList<>();
    if (pod.hostNetwork()) {
      return ports;
    }
    List<PodContainer> containers = new ArrayList<>(pod.initContainers());
    containers.removeIf(c -> !c.isSidecar());
    containers.addAll(pod.containers());
    for (PodContainer container : containers) {
      for (Struct port : container.spec().structs("ports")) {
        if (port.integer("hostPort") > 0) {
          ports.add(
              new SandboxSpec.Port(
                  protocol(port.string("protocol")),
                  (int) port.integer("containerPort"),
                  (int) port.integer("hostPort"),
                  port.string("hostIP")));
        }
      }
    }
    return ports;
  }

  private static SandboxSpec.Protocol protocol(String word) {
    return switch (word) {
      case "UDP" -> SandboxSpec.Protocol.UDP;
      case "SCTP" -> SandboxSpec.Protocol.SCTP;
      default -> SandboxSpec.Protocol.TCP;
    };
  }

  private static Map<String, String> strings(Struct struct) {
    Map<String, String> strings = new HashMap<>();
    struct.forEach(
        (name, value) -> {
          if (value instanceof String text) {
            strings.put(name, text);
          }
        });
    return strings;
  }
}
