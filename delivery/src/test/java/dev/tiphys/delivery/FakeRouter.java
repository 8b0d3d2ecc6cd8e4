package dev.tiphys.delivery;

import dev.tiphys.delivery.experiment.StepExperiments;
import dev.tiphys.delivery.model.Step;
import dev.tiphys.delivery.traffic.Routing;
import dev.tiphys.delivery.traffic.TrafficRouter;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;

/// Shares the traffic of one Rollout out at once, and remembers how.
final class FakeRouter implements Function<Routing, TrafficRouter> {

  /// The share of the canary's Service.
  volatile long weight;

  /// Those of versions of an Experiment.
  volatile List<StepExperiments.Share> shares = List.of();

  volatile String canaryService = "";
  volatile String stableService = "";

  /// Whether shares are in force as soon as they are given.
  volatile boolean quick = true;

  /// Told when the canary gets more than it had.
  volatile Consumer<Routing> raised = _ -> {};

  final Set<String> routes = new TreeSet<>();

  @Override
  public TrafficRouter apply(Routing routing) {
    return new TrafficRouter() {
      @Override
      public void point(String canaryHash, String stableHash, List<StepExperiments.Share> extra) {}

      @Override
      public void share(long canaryWeight, List<StepExperiments.Share> extra) {
        shares = List.copyOf(extra);
        if (canaryWeight > weight) {
          raised.accept(routing);
        }
        weight = canaryWeight;
        canaryService = routing.canaryService();
        stableService = routing.stableService();
      }

      @Override
      public Optional<Boolean> verify(long canaryWeight) {
        return Optional.of(quick);
      }

      @Override
      public void route(Step.SetHeaderRoute step) {
        routes.add(step.route().string("name"));
      }

      @Override
      public void mirror(Step.SetMirrorRoute step) {
        routes.add(step.route().string("name"));
      }

      @Override
      public void removeRoutes() {
        routes.clear();
      }
    };
  }
}
