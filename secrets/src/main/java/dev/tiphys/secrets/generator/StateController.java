package dev.tiphys.secrets.generator;

import static dev.tiphys.secrets.model.GeneratorState.FINALIZER;
import static dev.tiphys.secrets.model.SecretsResources.GENERATOR_STATES;

import dev.tiphys.client.Api;
import dev.tiphys.client.DeleteOptions;
import dev.tiphys.client.Informer;
import dev.tiphys.client.ObjectIndex;
import dev.tiphys.client.PatchType;
import dev.tiphys.client.controller.Controller;
import dev.tiphys.client.controller.Outcome;
import dev.tiphys.client.controller.RetryPolicy;
import dev.tiphys.client.leader.Charge;
import dev.tiphys.object.Struct;
import dev.tiphys.object.Timestamps;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.secrets.model.GeneratorState;
import dev.tiphys.secrets.model.ReadyCondition;
import dev.tiphys.secrets.provider.StoreException;
import dev.tiphys.world.World;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/// Looks at GeneratorStates: what was made is kept alive until its deadline, and given back then,
/// or with what it was made for. Once something newer was made for the same object and key it gets
/// a deadline, since Pods may use it for a while.
///
/// Threads: any.
public final class StateController implements AutoCloseable {

  private static final String NAME = "generatorstate";
  private static final int WORKERS = 2;
  private static final RetryPolicy POLICY =
      RetryPolicy.between(Duration.ofSeconds(1), Duration.ofMinutes(5));

  private final World world;
  private final Api api;
  private final Informer states;
  private final ObjectIndex byOwnerKey;
  private final Generators generators;
  private final Charge charge;
  private final Controller controller;

  /// @param states all GeneratorStates; not started yet
  public StateController(
      World world, Api api, Informer states, Generators generators, Charge charge) {
    this.world = world;
    this.api = api;
    this.states = states;
    this.generators = generators;
    this.charge = charge;
    this.controller = new Controller(NAME, world, WORKERS, POLICY, this::reconcile);
    this.byOwnerKey = states.index(state -> List.of(new GeneratorState(state).ownerKey()));
    states.listen(Informer.Listener.ofAll(this::changed));
    charge.onChange(() -> states.list().forEach(controller::enqueue));
  }

  /// Begins, once the informers are complete.
  public void start() {
    controller.start();
  }

  /// It may have taken the place of others.
  private void changed(Struct state) {
    controller.enqueue(state);
    others(new GeneratorState(state)).forEach(other -> controller.enqueue(other.object()));
  }

  /// Those of the same object and key.
  private Stream<GeneratorState> others(GeneratorState state) {
    String key = state.ownerKey();
    return key.isEmpty()
        ? Stream.empty()
        : byOwnerKey.with(key).stream()
            .map(GeneratorState::new)
            .filter(other -> !other.meta().key().equals(state.meta().key()));
  }

  private Outcome reconcile(ObjectKey key) throws InterruptedException {
    Struct object = states.find(key);
    if (object == null || !charge.isOurs()) {
      return Outcome.DONE;
    }
    if (Meta.of(object).isBeingDeleted()) {
      return FINALIZER.isOn(object) ? end(new GeneratorState(object)) : Outcome.DONE;
    }
    Struct held = FINALIZER.isOn(object) ? object : FINALIZER.add(api, object);
    GeneratorState state = new GeneratorState(held);
    Instant deadline = state.deadline();
    if (deadline == null) {
      return isReplaced(state) ? replace(state) : resume(state);
    }
    Duration left = Duration.between(world.now(), deadline);
    if (left.isPositive()) {
      leave(state);
      return Outcome.again(left);
    }
    api.delete(GENERATOR_STATES, key.namespace(), key.name(), DeleteOptions.DEFAULT);
    return Outcome.DONE;
  }

  private boolean isReplaced(GeneratorState state) {
    return others(state).anyMatch(other -> other.isCurrent() && other.isAfter(state));
  }

  private Outcome replace(GeneratorState state) {
    Instant deadline = world.now().plus(rest(state));
    patch(
        state,
        Struct.of("spec", Struct.of("garbageCollectionDeadline", Timestamps.seconds(deadline))));
    return Outcome.DONE;
  }

  private Outcome resume(GeneratorState state) throws InterruptedException {
    try {
      Generators.Found found = generators.find(state);
      Struct owner = generators.owner(state);
      if (owner != null) {
        found
            .generator()
            .resume(found.spec(), state.state(), generators.context(found, owner, _ -> {}));
      }
    } catch (StoreException e) {
      return failed(state, "could not resume: " + e.message());
    }
    tell(state, "True", "Created", "GeneratorState created");
    return Outcome.DONE;
  }

  private void leave(GeneratorState state) {
    try {
      generators.find(state).generator().leave(state.state());
    } catch (StoreException e) {
      // what does not exist any more keeps nothing alive
    }
  }

  private Duration rest(GeneratorState state) {
    try {
      return generators.find(state).generator().rest(state.state());
    } catch (StoreException e) {
      return Duration.ofMinutes(2);
    }
  }

  private Outcome end(GeneratorState state) throws InterruptedException {
    try {
      Generators.Found found = generators.find(state);
      found
          .generator()
          .giveBack(
              found.spec(), state.state(), generators.context(found, state.object(), _ -> {}));
    } catch (StoreException e) {
      if (!isOver(state)) {
        return failed(state, "could not cleanup generator state: " + e.message());
      }
    }
    FINALIZER.remove(api, state.object());
    return Outcome.DONE;
  }

  /// Whether it has ended by itself, since nothing keeps it alive once it is being deleted.
  private boolean isOver(GeneratorState state) {
    Instant since = Timestamps.of(state.object().struct("metadata").get("deletionTimestamp"));
    return since != null && since.plus(rest(state)).isBefore(world.now());
  }

  private Outcome failed(GeneratorState state, String why) {
    tell(state, "False", "Error", why);
    return Outcome.RETRY;
  }

  private void tell(GeneratorState state, String value, String reason, String message) {
    Struct before = state.object().struct("status");
    Struct now = ReadyCondition.in(before, value, reason, message, world.now());
    if (!now.equals(before)) {
      patch(state, Struct.of("status", now));
    }
  }

  private void patch(GeneratorState state, Struct change) {
    Meta meta = state.meta();
    Struct _ =
        api.patch(GENERATOR_STATES, meta.namespace(), meta.name(), "", PatchType.MERGE, change);
  }

  @Override
  public void close() {
    controller.close();
  }
}
