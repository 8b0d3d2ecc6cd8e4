package dev.tiphys.node.pod;

import dev.tiphys.node.runtime.Container;
import dev.tiphys.node.runtime.ContainerRuntime;
import dev.tiphys.node.runtime.ContainerState;
import dev.tiphys.node.runtime.ContainerStatus;
import dev.tiphys.node.runtime.PodLabels;
import dev.tiphys.node.runtime.RuntimeFailure;
import dev.tiphys.node.runtime.Sandbox;
import dev.tiphys.node.runtime.SandboxStatus;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the runtime has of one Pod at a moment.
///
/// @param sandboxes the newest first
/// @param containers of each name the newest first
public record Observation(List<SandboxStatus> sandboxes, List<Observed> containers) {
  /// Nothing at all.
  public static final Observation NOTHING = new Observation(List.of(), List.of());

  public Observation {
    sandboxes = List.copyOf(sandboxes);
    containers = List.copyOf(containers);
  }

  /// A container and what became of it.
  public record Observed(String sandboxId, ContainerStatus status) {
    public String name() {
      return status.name().name();
    }

    public boolean running() {
      return status.state() == ContainerState.RUNNING;
    }

    public boolean exited() {
      return status.state() == ContainerState.EXITED;
    }

    /// What an annotation of upstream's says of it.
    public String annotation(String key) {
      return status.annotations().getOrDefault(key, "");
    }

    /// How often the container was restarted before.
    public int restarts() {
      return status.name().attempt();
    }
  }

  /// Looks at the runtime.
  ///
  /// @param ended containers that are known to have ended, which need no look: by id. Kept up to
  ///   date
  public static Observation of(
      ContainerRuntime runtime, String uid, Map<String, ContainerStatus> ended)
      throws InterruptedException {
    Map<String, String> labels = Map.of(PodLabels.POD_UID, uid);
    List<SandboxStatus> sandboxes = new ArrayList<>();
    for (Sandbox sandbox : runtime.sandboxes(labels)) {
      try {
        sandboxes.add(runtime.sandboxStatus(sandbox.id()));
      } catch (RuntimeFailure e) {
        unlessGone(e);
      }
    }
    List<Observed> containers = new ArrayList<>();
    List<Container> present = runtime.containers(labels);
    ended.keySet().retainAll(present.stream().map(Container::id).toList());
    for (Container container : present) {
      try {
        ContainerStatus known = ended.get(container.id());
        ContainerStatus status = known == null ? runtime.containerStatus(container.id()) : known;
        if (status.state() == ContainerState.EXITED) {
          ended.put(status.id(), status);
        }
        containers.add(new Observed(container.sandboxId(), status));
      } catch (RuntimeFailure e) {
        unlessGone(e);
      }
    }
    sandboxes.sort(
        Comparator.comparing((SandboxStatus s) -> s.sandbox().name().attempt())
            .thenComparing(s -> s.sandbox().created())
            .reversed());
    containers.sort(
        Comparator.comparing((Observed c) -> c.restarts())
            .thenComparing(c -> c.status().created())
            .reversed());
    return new Observation(sandboxes, containers);
  }

  private static void unlessGone(RuntimeFailure failure) {
    if (failure.reason() != RuntimeFailure.Reason.NOT_FOUND) {
      throw failure;
    }
  }

  /// The newest container of this name, or null.
  public @Nullable Observed newest(String name) {
    for (Observed container : containers) {
      if (container.name().equals(name)) {
        return container;
      }
    }
    return null;
  }

  /// The newest container of this name in a sandbox, or null.
  public @Nullable Observed newestIn(String sandboxId, String name) {
    for (Observed container : containers) {
      if (container.name().equals(name) && container.sandboxId().equals(sandboxId)) {
        return container;
      }
    }
    return null;
  }

  /// All containers of this name, the newest first.
  public List<Observed> all(String name) {
    return containers.stream().filter(c -> c.name().equals(name)).toList();
  }

  public List<Observed> running() {
    return containers.stream().filter(Observed::running).toList();
  }

  /// The newest sandbox, or null.
  public @Nullable SandboxStatus sandbox() {
    return sandboxes.isEmpty() ? null : sandboxes.getFirst();
  }

  /// The addresses of the newest sandbox, if that is ready.
  public List<String> addresses() {
    SandboxStatus newest = sandbox();
    return newest != null && newest.sandbox().ready() ? newest.addresses() : List.of();
  }
}
