package dev.tiphys.node.pod;

/// What the probes of running containers have found.
@FunctionalInterface
public interface Health {
  /// What a container is like that has no probes.
  Verdict WELL = new Verdict(true, true, Fault.NONE);

  /// For Pods without probes.
  Health ALL_WELL = (_, _) -> WELL;

  /// Why a container has to be killed.
  enum Fault {
    NONE,
    LIVENESS,
    STARTUP
  }

  /// @param started whether its startup probe has succeeded
  /// @param ready whether its readiness probe says so, started or not
  record Verdict(boolean started, boolean ready, Fault fault) {}

  /// What is known of a container that runs.
  ///
  /// @param id the runtime's id of it
  Verdict of(PodContainer container, String id);
}
