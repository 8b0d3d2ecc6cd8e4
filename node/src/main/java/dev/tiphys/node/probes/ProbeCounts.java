package dev.tiphys.node.probes;

import dev.tiphys.metrics.CounterFamily;
import dev.tiphys.metrics.Exposition;
import dev.tiphys.node.pod.Pod;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// How probes of containers ended, for as long as the containers are probed.
///
/// Threads: any.
public final class ProbeCounts {

  private static final String NAME = "prober_probe_total";

  private record Probe(String uid, String container, ProbeKind kind) {}

  private record Counted(String namespace, String pod, Map<Answer.Verdict, Long> answers) {}

  private final Map<Probe, Counted> probes = new ConcurrentHashMap<>();

  void count(Pod pod, String container, ProbeKind kind, Answer.Verdict verdict) {
    probes
        .computeIfAbsent(
            new Probe(pod.uid(), container, kind),
            _ -> new Counted(pod.namespace(), pod.name(), new ConcurrentHashMap<>()))
        .answers()
        .merge(verdict, 1L, Long::sum);
  }

  /// A container is probed no more.
  void forget(Pod pod, String container, ProbeKind kind) {
    probes.remove(new Probe(pod.uid(), container, kind));
  }

  /// Writes all of them, if there are any.
  public void write(Exposition out) {
    CounterFamily family =
        new CounterFamily(
            NAME,
            "Probes, by how they ended.",
            "container",
            "namespace",
            "pod",
            "pod_uid",
            "probe_type",
            "result");
    probes.forEach(
        (probe, counted) ->
            counted
                .answers()
                .forEach(
                    (verdict, count) ->
                        family.add(
                            count,
                            probe.container(),
                            counted.namespace(),
                            counted.pod(),
                            probe.uid(),
                            probe.kind().word(),
                            result(verdict))));
    family.write(out);
  }

  private static String result(Answer.Verdict verdict) {
    return switch (verdict) {
      case SUCCESS -> "successful";
      case FAILURE -> "failed";
      case UNKNOWN -> verdict.name().toLowerCase(Locale.ROOT);
    };
  }
}
