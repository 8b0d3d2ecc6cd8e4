package dev.tiphys.node.status;

import dev.tiphys.node.pod.Health;
import dev.tiphys.node.pod.Observation.Observed;
import dev.tiphys.node.pod.Pod;
import dev.tiphys.node.pod.PodContainer;
import dev.tiphys.node.pod.Waiting;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The statuses of a Pod's containers.
final class ContainerStatuses {
  private static final String LOST_RUNNING =
      "The container could not be located when the pod was deleted.  The container used to be"
          + " Running";
  private static final String LOST =
      "The container could not be located when the pod was terminated";

  private final StatusInputs inputs;
  private final Pod pod;
  private final boolean initialized;

  ContainerStatuses(StatusInputs inputs) {
    this.inputs = inputs;
    this.pod = inputs.pod();
    this.initialized = pod.initContainers().isEmpty() || hasStarted() || lastInitIsDone();
  }

  private boolean hasStarted() {
    return pod.containers().stream()
        .anyMatch(
            c -> inputs.seen().newest(c.name()) != null || everRan(old("containerStatuses", c)));
  }

  private boolean lastInitIsDone() {
    PodContainer last = pod.initContainers().getLast();
    Struct status = one("initContainerStatuses", last, false);
    Struct ended = status.struct("state", "terminated");
    return last.isSidecar()
        ? status.has("state", "running") && status.bool("started")
        : !ended.isEmpty() && ended.integer("exitCode") == 0;
  }

  private static boolean everRan(@Nullable Struct old) {
    return old != null && (!old.has("state", "waiting") || old.has("lastState", "terminated"));
  }

  /// Once the Pod has been stopped, what had begun counts as lost: all up to the last one that is
  /// known to have been started.
  List<Struct> init() {
    List<PodContainer> containers = pod.initContainers();
    List<Struct> statuses = new ArrayList<>();
    int begun = 0;
    for (PodContainer container : containers) {
      Struct status = one("initContainerStatuses", container, false);
      statuses.add(status);
      begun = everRan(status) ? statuses.size() : begun;
    }
    for (int i = 0; inputs.stopped() && i < begun; i++) {
      statuses.set(i, lost(statuses.get(i)));
    }
    return statuses;
  }

  List<Struct> regular() {
    List<Struct> statuses = new ArrayList<>(all("containerStatuses", pod.containers()));
    statuses.sort(Comparator.comparing(status -> status.string("name")));
    return statuses;
  }

  List<Struct> ephemeral() {
    return all("ephemeralContainerStatuses", pod.ephemeralContainers());
  }

  private List<Struct> all(String field, List<PodContainer> containers) {
    return containers.stream()
        .map(container -> one(field, container, inputs.stopped() && initialized))
        .toList();
  }

  private @Nullable Struct old(String field, PodContainer container) {
    for (Struct status : pod.status().structs(field)) {
      if (status.string("name").equals(container.name())) {
        return status;
      }
    }
    return null;
  }

  private static Struct lost(Struct status) {
    return status.has("state", "terminated")
        ? status
        : status.with("state", ContainerStates.lost(LOST));
  }

  /// @param over whether it counts as lost unless it has ended
  private Struct one(String field, PodContainer container, boolean over) {
    List<Observed> observed = inputs.seen().all(container.name());
    Struct old = old(field, container);
    Struct status =
        observed.isEmpty() ? unobserved(container, old) : observed(container, observed, old);
    status = withWaiting(status, container, observed);
    return withHealth(over ? lost(status) : status, container, observed);
  }

  private Struct unobserved(PodContainer container, @Nullable Struct old) {
    if (old != null && old.has("state", "terminated")) {
      return old;
    }
    StructBuilder status =
        new StructBuilder()
            .add("name", container.name())
            .add("image", container.image())
            .add("imageID", "")
            .add("state", ContainerStates.waiting(defaultReason(), ""));
    long restarts = old == null ? 0 : old.integer("restartCount");
    if (old != null && old.has("state", "running")) {
      status.add("lastState", ContainerStates.lost(LOST_RUNNING));
      restarts += pod.isBeingDeleted() ? 0 : 1;
    } else {
      status.add("lastState", old == null ? Struct.EMPTY : old.struct("lastState"));
    }
    return resourcesOf(container, status.add("restartCount", restarts)).build();
  }

  private Struct observed(PodContainer container, List<Observed> observed, @Nullable Struct old) {
    Observed newest = observed.getFirst();
    Struct lastState = old == null ? Struct.EMPTY : old.struct("lastState");
    if (observed.size() > 1 && observed.get(1).exited()) {
      lastState = state(observed.get(1));
    }
    StructBuilder status =
        new StructBuilder()
            .add("name", container.name())
            .add("image", newest.status().image())
            .add("imageID", newest.status().imageRef())
            .add("containerID", ContainerIds.of(newest.status()))
            .add("restartCount", (long) newest.restarts())
            .add("state", state(newest))
            .add("lastState", lastState);
    resourcesOf(container, status);
    if (old != null
        && old.has("resources")
        && old.string("containerID").equals(ContainerIds.of(newest.status()))) {
      // What a container got it keeps, whatever its Pod asks for now.
      status.add("resources", old.struct("resources"));
    }
    return status.build();
  }

  private Struct state(Observed observed) {
    String message = observed.exited() ? inputs.messages().apply(observed) : "";
    return ContainerStates.of(observed, message, defaultReason());
  }

  /// Why a container does not run that was not even tried to start.
  private String defaultReason() {
    return pod.initContainers().isEmpty() ? "ContainerCreating" : "PodInitializing";
  }

  private Struct withWaiting(Struct status, PodContainer container, List<Observed> observed) {
    Waiting why = inputs.waiting().get(container.name());
    if (why == null || inputs.stopped() || status.has("state", "running")) {
      return status;
    }
    Observed newest = observed.isEmpty() ? null : observed.getFirst();
    if (newest != null
        && newest.exited()
        && !container.restartPolicy(pod).restartsAfter(newest.status().exitCode())) {
      return status; // It does not wait for anything any more.
    }
    Struct ended = status.struct("state");
    Struct waiting = status.with("state", ContainerStates.waiting(why));
    boolean justEnded = newest != null && ended.has("terminated");
    return justEnded ? waiting.with("lastState", ended) : waiting;
  }

  private Struct withHealth(Struct status, PodContainer container, List<Observed> observed) {
    boolean running = status.has("state", "running") && !observed.isEmpty();
    if (!running) {
      boolean done =
          container.kind() == PodContainer.Kind.INIT
              && !container.isSidecar()
              && status.has("state", "terminated")
              && status.integer("state", "terminated", "exitCode") == 0;
      return status.with("ready", done).with("started", false);
    }
    Health.Verdict verdict = inputs.health().of(container, observed.getFirst().status().id());
    boolean counts = container.kind() == PodContainer.Kind.REGULAR || container.isSidecar();
    return status
        .with("ready", counts && verdict.started() && verdict.ready())
        .with("started", verdict.started());
  }

  /// What it has of the node, and what is mounted into it.
  private static StructBuilder resourcesOf(PodContainer container, StructBuilder status) {
    List<Struct> mounts = new ArrayList<>();
    for (Struct mount : container.volumeMounts()) {
      StructBuilder shown =
          new StructBuilder()
              .add("name", mount.string("name"))
              .add("mountPath", mount.string("mountPath"));
      if (mount.bool("readOnly")) {
        String recursive = mount.string("recursiveReadOnly");
        shown
            .add("readOnly", true)
            .add("recursiveReadOnly", recursive.isEmpty() ? "Disabled" : recursive);
      }
      mounts.add(shown.build());
    }
    Struct resources = container.spec().struct("resources");
    return status
        .addUnlessEmpty("volumeMounts", mounts)
        .add("resources", resources)
        .addUnlessEmpty("allocatedResources", resources.struct("requests"));
  }
}
