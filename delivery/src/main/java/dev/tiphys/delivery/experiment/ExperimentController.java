package dev.tiphys.delivery.experiment;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.EventRecorder;
import dev.tiphys.client.Informer;
import dev.tiphys.client.Informers;
import dev.tiphys.client.PatchType;
import dev.tiphys.client.controller.Controller;
import dev.tiphys.client.controller.Outcome;
import dev.tiphys.client.leader.Charge;
import dev.tiphys.delivery.model.DeliveryResources;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.world.World;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Runs the versions of Experiments for as long as they are to run, has them measured, and tells
/// what came of it.
///
/// Threads: any.
public final class ExperimentController implements AutoCloseable {

  private static final String NAME = "experiments-controller";
  private static final int WORKERS = 5;

  private final World world;
  private final Api api;
  private final Informer experiments;
  private final Surroundings around;
  private final Charge charge;
  private final Controller controller;

  /// Which states are older than what was written.
  private final Map<ObjectKey, Long> written = new ConcurrentHashMap<>();

  /// @param informers not started yet
  /// @param events where they are told
  public ExperimentController(
      World world, Api api, Informers informers, EventRecorder events, Charge charge) {
    this.world = world;
    this.api = api;
    this.charge = charge;
    this.experiments = informers.of(DeliveryResources.EXPERIMENTS);
    Informer sets = informers.of(ApiResource.REPLICA_SETS);
    Informer services = informers.of(ApiResource.SERVICES);
    Informer runs = informers.of(DeliveryResources.ANALYSIS_RUNS);
    this.around =
        new Surroundings(
            world,
            api,
            events,
            sets.index(ExperimentController::owner),
            services.index(ExperimentController::owner),
            runs);
    this.controller = new Controller(NAME, world, WORKERS, this::reconcile);
    experiments.listen(Informer.Listener.ofAll(controller::enqueue));
    for (Informer owned : List.of(sets, services, runs)) {
      owned.listen(Informer.Listener.ofAll(this::ownerOf));
    }
    charge.onChange(() -> experiments.list().forEach(controller::enqueue));
  }

  /// Begins, once the informers are complete.
  public void start() {
    controller.start();
  }

  private static List<String> owner(Struct object) {
    Struct owner = Meta.of(object).controller();
    return owner == null ? List.of() : List.of(owner.string("uid"));
  }

  private void ownerOf(Struct object) {
    Meta meta = Meta.of(object);
    Struct owner = meta.controller();
    if (owner != null && owner.string("kind").equals(DeliveryResources.EXPERIMENTS.kind())) {
      controller
          .queue()
          .add(new ObjectKey(meta.namespace(), owner.string("name")), meta.revision());
    }
  }

  private Outcome reconcile(ObjectKey key) {
    Struct object = experiments.find(key);
    if (object == null) {
      written.remove(key);
      return Outcome.DONE;
    }
    Meta meta = Meta.of(object);
    if (!charge.isOurs()
        || meta.isBeingDeleted()
        || meta.revision() < written.getOrDefault(key, 0L)) {
      return Outcome.DONE;
    }
    ExperimentLook look = new ExperimentLook(around, new Experiment(object));
    Instant next = look.take();
    Struct patch = look.status().patch();
    if (!patch.isEmpty()) {
      Struct stored =
          api.patch(
              DeliveryResources.EXPERIMENTS,
              meta.namespace(),
              meta.name(),
              "status",
              PatchType.MERGE,
              Struct.of(
                  "metadata",
                  Struct.of("resourceVersion", meta.resourceVersion()),
                  "status",
                  patch));
      written.merge(key, Meta.of(stored).revision(), Math::max);
    }
    return next == null ? Outcome.DONE : Outcome.again(Duration.between(world.now(), next));
  }

  @Override
  public void close() {
    controller.close();
  }
}
