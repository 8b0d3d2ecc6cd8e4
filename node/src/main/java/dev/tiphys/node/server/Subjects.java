package dev.tiphys.node.server;

import dev.tiphys.node.measuring.ContainerFigures.Subject;
import dev.tiphys.node.pod.Pod;
import dev.tiphys.node.runtime.Container;
import dev.tiphys.node.runtime.ContainerState;
import dev.tiphys.node.runtime.PodLabels;
import dev.tiphys.node.runtime.Sandbox;
import dev.tiphys.node.spec.SandboxSpecs;
import dev.tiphys.object.Struct;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Which cgroups are told of: those of Pods, of their sandboxes, and of their containers.
final class Subjects {

  /// What sandboxes are made of, as upstream's runtimes call it.
  private static final String PAUSE = "registry.k8s.io/pause:3.10";

  private final String top;
  private final Map<String, Pod> pods = new HashMap<>();

  /// @param top the cgroup that holds those of all Pods
  /// @param known the node's Pods, as the API has them
  Subjects(String top, List<Struct> known) {
    this.top = top;
    for (Struct each : known) {
      Pod pod = new Pod(each);
      pods.put(pod.uid(), pod);
    }
  }

  /// Of Pods that the API has, and that run.
  List<Subject> of(List<Sandbox> sandboxes, List<Container> containers) {
    List<Subject> subjects = new ArrayList<>();
    for (Sandbox sandbox : sandboxes) {
      Pod pod = pods.get(sandbox.labels().getOrDefault(PodLabels.POD_UID, ""));
      if (pod != null && sandbox.ready()) {
        Instant at = sandbox.created();
        subjects.add(subject(pod, "", "", "", false, at));
        subjects.add(subject(pod, sandbox.id(), PAUSE, "", !pod.hostNetwork(), at));
      }
    }
    for (Container each : containers) {
      Pod pod = pods.get(each.labels().getOrDefault(PodLabels.POD_UID, ""));
      if (pod != null && each.state() == ContainerState.RUNNING) {
        String name = each.name().name();
        subjects.add(subject(pod, each.id(), image(pod, name), name, false, each.created()));
      }
    }
    return subjects;
  }

  private Subject subject(
      Pod pod, String id, String image, String container, boolean hasNetwork, Instant started) {
    String cgroup = SandboxSpecs.cgroup(top, pod) + (id.isEmpty() ? "" : "/" + id);
    return new Subject(
        cgroup, id, image, pod.namespace(), pod.name(), container, hasNetwork, started);
  }

  private static String image(Pod pod, String container) {
    return Stream.of("containerStatuses", "initContainerStatuses", "ephemeralContainerStatuses")
        .flatMap(list -> pod.object().structs("status", list).stream())
        .filter(status -> status.string("name").equals(container))
        .map(status -> status.string("image"))
        .findFirst()
        .orElse("");
  }
}
