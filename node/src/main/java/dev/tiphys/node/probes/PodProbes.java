package dev.tiphys.node.probes;

import dev.tiphys.node.pod.Health;
import dev.tiphys.node.pod.Observation;
import dev.tiphys.node.pod.Observation.Observed;
import dev.tiphys.node.pod.Pod;
import dev.tiphys.node.pod.PodContainer;
import dev.tiphys.node.pod.PodEvents;
import dev.tiphys.world.World;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The probes of one Pod's containers. Each running container has its own, from when it is seen to
/// run until it is seen to have ended.
///
/// Threads: [#update] and [#stopKilling] by the Pod's worker, the rest by any.
public final class PodProbes implements Health, AutoCloseable {
  private final World world;
  private final Handler handler;
  private final PodEvents events;
  private final Runnable onChange;
  private final Map<String, Map<ProbeKind, ContainerProbe>> byId = new ConcurrentHashMap<>();

  /// @param onChange told when what is known of a container changes
  public PodProbes(World world, Handler handler, PodEvents events, Runnable onChange) {
    this.world = world;
    this.handler = handler;
    this.events = events;
    this.onChange = onChange;
  }

  /// Starts the probes of containers that run now, and ends those of others.
  ///
  /// @param address the Pod's
  public void update(Pod pod, Observation seen, String address) {
    Set<String> running = new HashSet<>();
    for (Observed observed : seen.running()) {
      PodContainer container = pod.container(observed.name());
      Instant started = observed.status().started();
      if (container != null && started != null) {
        String id = observed.status().id();
        running.add(id);
        if (!byId.containsKey(id)) {
          start(pod, new Handler.Target(container, id, address), started);
        }
      }
    }
    for (String id : byId.keySet()) {
      if (!running.contains(id)) {
        close(byId.remove(id));
      }
    }
  }

  private void start(Pod pod, Handler.Target target, Instant started) {
    Map<ProbeKind, ContainerProbe> probes =
        Collections.synchronizedMap(new EnumMap<>(ProbeKind.class));
    byId.put(target.id(), probes);
    for (ProbeKind kind : ProbeKind.values()) {
      if (!target.container().probe(kind.field()).isEmpty()) {
        ContainerProbe startup = probes.get(ProbeKind.STARTUP);
        probes.put(
            kind,
            new ContainerProbe(
                world,
                kind,
                pod,
                target,
                started,
                handler,
                events,
                () -> startup != null && !startup.healthy(),
                kind == ProbeKind.STARTUP ? () -> started(target.id()) : onChange));
      }
    }
  }

  private void started(String id) {
    Map<ProbeKind, ContainerProbe> probes = byId.get(id);
    if (probes != null) {
      List.copyOf(probes.values()).forEach(ContainerProbe::release);
    }
    onChange.run();
  }

  /// Ends the probes that could have containers killed. The others go on, so that it is seen when a
  /// Pod that is ending is not ready any more.
  public void stopKilling() {
    for (Map<ProbeKind, ContainerProbe> probes : byId.values()) {
      for (ProbeKind kind : new ProbeKind[] {ProbeKind.STARTUP, ProbeKind.LIVENESS}) {
        ContainerProbe probe = probes.get(kind);
        if (probe != null) {
          probe.close();
        }
      }
    }
  }

  @Override
  public Verdict of(PodContainer container, String id) {
    Map<ProbeKind, ContainerProbe> probes = byId.get(id);
    if (probes == null) {
      // It was not seen to run yet: what has a probe must pass it first.
      return new Verdict(
          container.probe(ProbeKind.STARTUP.field()).isEmpty(),
          container.probe(ProbeKind.READINESS.field()).isEmpty(),
          Fault.NONE);
    }
    Fault fault = Fault.NONE;
    if (faulty(probes.get(ProbeKind.STARTUP))) {
      fault = Fault.STARTUP;
    } else if (faulty(probes.get(ProbeKind.LIVENESS))) {
      fault = Fault.LIVENESS;
    }
    return new Verdict(
        healthy(probes.get(ProbeKind.STARTUP)), healthy(probes.get(ProbeKind.READINESS)), fault);
  }

  private static boolean healthy(@Nullable ContainerProbe probe) {
    return probe == null || probe.healthy();
  }

  private static boolean faulty(@Nullable ContainerProbe probe) {
    return probe != null && probe.faulty();
  }

  private static void close(@Nullable Map<ProbeKind, ContainerProbe> probes) {
    if (probes != null) {
      probes.values().forEach(ContainerProbe::close);
    }
  }

  @Override
  public void close() {
    byId.values().forEach(PodProbes::close);
    byId.clear();
  }
}
