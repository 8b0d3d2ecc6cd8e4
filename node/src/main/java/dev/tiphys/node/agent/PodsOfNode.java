package dev.tiphys.node.agent;

import dev.tiphys.client.Informer;
import dev.tiphys.node.pod.Observation;
import dev.tiphys.node.pod.Observation.Observed;
import dev.tiphys.node.pod.Pod;
import dev.tiphys.node.runtime.ContainerRuntime;
import dev.tiphys.node.runtime.ContainerState;
import dev.tiphys.node.runtime.ContainerStatus;
import dev.tiphys.node.runtime.RuntimeFailure;
import dev.tiphys.node.runtime.SandboxStatus;
import dev.tiphys.node.status.ContainerIds;
import dev.tiphys.node.sync.PodWorkers;
import dev.tiphys.object.Struct;
import java.util.HashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The Pods of a node agent.
///
/// @param informer about those bound to this node
record PodsOfNode(Informer informer, PodWorkers workers, ContainerRuntime runtime)
    implements RunningPods {
  private static final List<String> STATUSES =
      List.of("containerStatuses", "initContainerStatuses", "ephemeralContainerStatuses");

  @Override
  public List<Struct> pods() {
    return informer.list();
  }

  @Override
  public @Nullable Struct pod(String namespace, String name) {
    return informer.find(namespace, name);
  }

  @Override
  public @Nullable ContainerStatus container(
      String namespace, String pod, String container, boolean previous)
      throws InterruptedException {
    Observation seen = observe(namespace, pod);
    if (!previous) {
      Observed newest = seen.newest(container);
      return newest == null ? null : newest.status();
    }
    String id = previousId(namespace, pod, container);
    for (Observed observed : seen.all(container)) {
      if (observed.status().id().equals(id)) {
        return observed.status();
      }
    }
    return null;
  }

  /// The one that ended last. While a container rests that is the newest one there is.
  private String previousId(String namespace, String pod, String container) {
    Struct object = informer.find(namespace, pod);
    for (String field : STATUSES) {
      for (Struct known : object == null ? List.<Struct>of() : object.structs("status", field)) {
        if (known.string("name").equals(container)) {
          return ContainerIds.id(known.string("lastState", "terminated", "containerID"));
        }
      }
    }
    return "";
  }

  @Override
  public @Nullable String sandbox(String namespace, String pod) throws InterruptedException {
    SandboxStatus sandbox = observe(namespace, pod).sandbox();
    return sandbox == null || !sandbox.sandbox().ready() ? null : sandbox.sandbox().id();
  }

  private Observation observe(String namespace, String name) throws InterruptedException {
    Pod pod = workers.find(namespace, name);
    return pod == null ? Observation.NOTHING : Observation.of(runtime, pod.uid(), new HashMap<>());
  }

  @Override
  public boolean isRunning(String containerId) throws InterruptedException {
    try {
      return runtime.containerStatus(containerId).state() == ContainerState.RUNNING;
    } catch (RuntimeFailure e) {
      if (e.reason() == RuntimeFailure.Reason.NOT_FOUND) {
        return false;
      }
      throw e;
    }
  }
}
