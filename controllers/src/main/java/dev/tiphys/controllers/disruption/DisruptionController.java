package dev.tiphys.controllers.disruption;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.EventRecorder;
import dev.tiphys.client.Informer;
import dev.tiphys.client.ObjectIndex;
import dev.tiphys.client.controller.Controller;
import dev.tiphys.client.controller.Outcome;
import dev.tiphys.controllers.common.ClusterView;
import dev.tiphys.controllers.common.Component;
import dev.tiphys.controllers.common.SelectorText;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.object.api.Reason;
import dev.tiphys.object.selector.LabelSelector;
import dev.tiphys.world.World;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Keeps the status of PodDisruptionBudgets: how many of their Pods are healthy, and how many may
/// be evicted. The eviction of a Pod looks at nothing else.
///
/// Cost of a reconcile: the Pods that the budget selects. Of a Pod's change: the budgets of its
/// namespace.
public final class DisruptionController implements Component {

  private static final String NAME = "disruption-controller";

  private final World world;
  private final Api api;
  private final ClusterView cluster;
  private final Informer budgets;
  private final ObjectIndex budgetsByNamespace;
  private final PodScales scales;
  private final EventRecorder events;
  private final StaleDisruptions stale;
  private final Controller controller;

  public DisruptionController(World world, Api api, ClusterView cluster) {
    this.world = world;
    this.api = api;
    this.cluster = cluster;
    this.budgets = cluster.of(ApiResource.POD_DISRUPTION_BUDGETS);
    this.budgetsByNamespace = budgets.index(budget -> List.of(Meta.of(budget).namespace()));
    this.scales = new PodScales(api, cluster);
    this.events = new EventRecorder(world, api, "controllermanager", "");
    this.stale = new StaleDisruptions(world, api, cluster);
    this.controller = new Controller(NAME, world, 1, this::reconcile);
    budgets.listen(Informer.Listener.ofAll(controller::enqueue));
    cluster.of(ApiResource.PODS).listen(new PodListener());
  }

  private final class PodListener implements Informer.Listener {
    @Override
    public void added(Struct pod) {
      enqueueBudgetsOf(pod, pod);
    }

    @Override
    public void updated(Struct before, Struct now) {
      if (!Meta.of(before).labels().equals(Meta.of(now).labels())) {
        enqueueBudgetsOf(before, now);
      }
      enqueueBudgetsOf(now, now);
    }

    @Override
    public void deleted(Struct last) {
      enqueueBudgetsOf(last, last);
    }
  }

  private void enqueueBudgetsOf(Struct pod, Struct cause) {
    Meta meta = Meta.of(pod);
    List<Struct> selecting = new ArrayList<>();
    for (Struct budget : budgetsByNamespace.with(meta.namespace())) {
      LabelSelector selector = selectorOf(budget);
      if (selector != null && selector.matches(meta.labels())) {
        selecting.add(budget);
      }
    }
    for (Struct budget : selecting) {
      controller.queue().add(ObjectKey.of(budget), Meta.of(cause).revision());
    }
    if (selecting.size() > 1) {
      selecting.sort(Comparator.comparing(budget -> Meta.of(budget).name()));
      events.warning(
          pod,
          "MultiplePodDisruptionBudgets",
          "Pod \"%s\"/\"%s\" matches multiple PodDisruptionBudgets.  Chose \"%s\" arbitrarily."
              .formatted(meta.namespace(), meta.name(), Meta.of(selecting.getFirst()).name()));
    }
  }

  /// Null if the budget selects no Pod at all. An empty selector selects all.
  private static @Nullable LabelSelector selectorOf(Struct budget) {
    return budget.has("spec", "selector")
        ? LabelSelector.from(budget.struct("spec", "selector"))
        : null;
  }

  @Override
  public void start() {
    controller.start();
    stale.start();
  }

  private Outcome reconcile(ObjectKey key) {
    Struct budget = budgets.find(key);
    if (budget == null) {
      return Outcome.DONE;
    }
    try {
      return keep(budget);
    } catch (PodScales.Unknown e) {
      String problem = String.valueOf(e.getMessage());
      events.warning(
          budget,
          "CalculateExpectedPodCountFailed",
          "Failed to calculate the number of expected pods: " + problem);
      write(budget, BudgetStatus.failed(budget, problem, world.now()));
      return Outcome.RETRY;
    }
  }

  private Outcome keep(Struct budget) throws PodScales.Unknown {
    LabelSelector selector = selectorOf(budget);
    List<Struct> pods =
        selector == null ? List.of() : cluster.podsMatching(Meta.of(budget).namespace(), selector);
    if (pods.isEmpty()) {
      events.normal(budget, "NoPods", "No matching pods found");
    }
    Instant now = world.now();
    BudgetStatus next =
        BudgetStatus.of(
            budget, pods, BudgetStatus.expectation(budget, pods, scale(budget, pods)), now);
    for (Struct pod : next.notDeleted()) {
      Meta meta = Meta.of(budget);
      events.warning(
          pod,
          "NotDeleted",
          "Pod was expected by PDB %s/%s to be deleted but it wasn't"
              .formatted(meta.namespace(), meta.name()));
    }
    write(budget, next.status());
    Instant recheck = next.recheck();
    // A grant is too old once its time is over, not when it is just reached.
    return recheck == null
        ? Outcome.DONE
        : Outcome.again(Duration.between(now, recheck).plusMillis(1));
  }

  private long scale(Struct budget, List<Struct> pods) throws PodScales.Unknown {
    if (!BudgetStatus.needsScale(budget)) {
      return 0;
    }
    PodScales.Scale scale = scales.of(pods);
    if (!scale.unmanaged().isEmpty()) {
      events.warning(
          budget,
          "UnmanagedPods",
          "Pods selected by this PodDisruptionBudget (selector: "
              + SelectorText.of(budget.struct("spec", "selector"))
              + ") were found to be unmanaged. As a result, the status of the PDB cannot be"
              + " calculated correctly, which may result in undefined behavior. To account for these"
              + " pods please set \".spec.minAvailable\" field of the PDB to an integer value.");
    }
    return scale.pods();
  }

  private void write(Struct budget, Struct status) {
    if (status.equals(budget.struct("status"))) {
      return;
    }
    try {
      api.update(ApiResource.POD_DISRUPTION_BUDGETS, budget.with("status", status), "status");
    } catch (ApiException e) {
      if (!e.is(Reason.NOT_FOUND)) {
        throw e;
      }
    }
  }

  @Override
  public void close() {
    controller.close();
    stale.close();
    events.close();
  }
}
