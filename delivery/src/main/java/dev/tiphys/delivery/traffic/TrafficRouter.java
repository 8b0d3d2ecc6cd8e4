package dev.tiphys.delivery.traffic;

import dev.tiphys.delivery.experiment.StepExperiments;
import dev.tiphys.delivery.model.Step;
import java.util.List;
import java.util.Optional;

/// Shares traffic out between the canary and the stable version of one Rollout.
///
/// Every method says what is to be, not what is to change, and so can be repeated; what already is
/// so costs no write. Errors: an [dev.tiphys.object.api.ApiException] if what it writes to refuses,
/// a [RoutingException] if that does not say where the traffic goes.
///
/// Threads: one.
public interface TrafficRouter {

  /// Says which templates canary, stable and the versions of an Experiment are, to routers that
  /// choose Pods by their labels.
  void point(String canaryHash, String stableHash, List<StepExperiments.Share> extra);

  /// Gives the canary a share of the traffic, versions of an Experiment theirs, and the stable
  /// version the rest.
  void share(long canaryWeight, List<StepExperiments.Share> extra);

  /// Whether the share is in force everywhere; empty if it is as soon as it is written.
  default Optional<Boolean> verify(long canaryWeight) {
    return Optional.empty();
  }

  /// Sends requests with certain headers to the canary, or no longer does if the route has no
  /// match.
  void route(Step.SetHeaderRoute step);

  /// Sends a copy of certain requests to the canary, or no longer does.
  void mirror(Step.SetMirrorRoute step);

  /// Takes away all that [#route] and [#mirror] made.
  void removeRoutes();
}
