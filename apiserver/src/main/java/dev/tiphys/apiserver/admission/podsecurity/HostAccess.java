package dev.tiphys.apiserver.admission.podsecurity;

import dev.tiphys.object.Struct;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// What Pods share with their node, and which other hosts they have it connect to.
final class HostAccess {

  private static final List<String> NAMESPACES = List.of("hostNetwork", "hostPID", "hostIPC");

  private HostAccess() {}

  static @Nullable Finding namespaces(PodParts pod) {
    List<String> shared =
        NAMESPACES.stream()
            .filter(field -> pod.spec().bool(field))
            .map(field -> field + "=true")
            .toList();
    return shared.isEmpty() ? null : new Finding("host namespaces", String.join(", ", shared));
  }

  static @Nullable Finding ports(PodParts pod) {
    Set<String> ports = new TreeSet<>();
    List<String> bad =
        pod.containersThat(
            container -> {
              List<String> its =
                  container.structs("ports").stream()
                      .map(port -> port.integer("hostPort"))
                      .filter(port -> port != 0)
                      .map(String::valueOf)
                      .toList();
              return ports.addAll(its) || !its.isEmpty();
            });
    return bad.isEmpty()
        ? null
        : new Finding(
            "hostPort",
            "%s %s %s %s"
                .formatted(
                    PodParts.named(bad),
                    PodParts.use(bad),
                    PodParts.plural("hostPort", ports),
                    String.join(", ", ports)));
  }

  static @Nullable Finding probes(PodParts pod) {
    Set<String> hosts = new TreeSet<>();
    Set<String> bad =
        new TreeSet<>(
            pod.containersThat(
                container -> {
                  List<String> its = hosts(container);
                  return hosts.addAll(its) || !its.isEmpty();
                }));
    return bad.isEmpty()
        ? null
        : new Finding(
            "probe or lifecycle host",
            "%s %s %s %s"
                .formatted(
                    PodParts.named(List.copyOf(bad)),
                    PodParts.use(bad),
                    PodParts.plural("probe or lifecycle host", hosts),
                    PodParts.quoted(hosts)));
  }

  private static List<String> hosts(Struct container) {
    List<String> hosts = new ArrayList<>();
    for (String probe : List.of("livenessProbe", "readinessProbe", "startupProbe")) {
      addHosts(hosts, container.struct(probe));
    }
    addHosts(hosts, container.struct("lifecycle", "postStart"));
    addHosts(hosts, container.struct("lifecycle", "preStop"));
    return hosts;
  }

  private static void addHosts(List<String> hosts, Struct handler) {
    for (String action : List.of("httpGet", "tcpSocket")) {
      String host = handler.string(action, "host");
      if (!host.isEmpty()) {
        hosts.add(host);
      }
    }
  }

  static @Nullable Finding windowsProcesses(PodParts pod) {
    boolean ofPod = isHostProcess(pod.context());
    List<String> bad = pod.containersThat(container -> isHostProcess(PodParts.context(container)));
    return !ofPod && bad.isEmpty()
        ? null
        : new Finding(
            "hostProcess",
            PodParts.setters(ofPod, bad)
                + " must not set securityContext.windowsOptions.hostProcess=true");
  }

  private static boolean isHostProcess(Struct context) {
    return context.bool("windowsOptions", "hostProcess");
  }
}
