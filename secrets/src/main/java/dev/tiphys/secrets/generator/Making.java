package dev.tiphys.secrets.generator;

import static dev.tiphys.secrets.model.SecretsResources.GENERATOR_STATES;

import dev.tiphys.client.Api;
import dev.tiphys.client.ListOptions;
import dev.tiphys.client.PatchType;
import dev.tiphys.object.Struct;
import dev.tiphys.object.Timestamps;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.secrets.model.GeneratorState;
import dev.tiphys.secrets.provider.StoreException;
import dev.tiphys.world.World;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What is made for one object at one time. In the end either all of it is written down, so that it
/// is given back some day ([StateController]), or all of it is given back at once.
public final class Making {

  private final World world;
  private final Api api;
  private final Generators generators;
  private final Struct object;
  private final List<Made> made = new ArrayList<>();

  private record Made(String key, Generators.Found found, Struct state) {}

  Making(World world, Api api, Generators generators, Struct object) {
    this.world = world;
    this.api = api;
    this.generators = generators;
    this.object = object;
  }

  /// The values that a `generatorRef` leads to.
  ///
  /// @param key tells it from the object's others
  /// @throws StoreException if they cannot be made
  public Map<String, byte[]> generate(String key, Struct reference) throws InterruptedException {
    Generators.Found found = generators.find(reference, Meta.of(object).namespace());
    return found
        .generator()
        .generate(
            found.spec(),
            generators.context(found, object, state -> made.add(new Made(key, found, state))));
  }

  /// Writes down what was made.
  ///
  /// @throws StoreException if that cannot be; then all of it is given back
  public void keep() throws InterruptedException {
    try {
      for (Made each : made) {
        replace(each);
      }
    } catch (ApiException e) {
      giveBack();
      throw new StoreException("could not commit generator state: " + e.message());
    }
  }

  private void replace(Made each) {
    Struct now = write(each, null);
    try {
      for (Struct earlier :
          api.list(
                  GENERATOR_STATES,
                  Meta.of(object).namespace(),
                  ListOptions.withLabels(GeneratorState.labels(object, each.key)))
              .items()) {
        GeneratorState state = new GeneratorState(earlier);
        if (state.deadline() == null && !state.meta().uid().equals(Meta.of(now).uid())) {
          end(state, each.found.generator().rest(state.state()));
        }
      }
    } catch (ApiException e) {
      // the next one does it
    }
  }

  /// Something newer has taken its place; Pods may use it for a while.
  private void end(GeneratorState state, Duration rest) {
    Struct deadline =
        Struct.of("garbageCollectionDeadline", Timestamps.seconds(world.now().plus(rest)));
    Struct _ =
        api.patch(
            GENERATOR_STATES,
            state.meta().namespace(),
            state.meta().name(),
            "",
            PatchType.MERGE,
            Struct.of("spec", deadline));
  }

  /// Gives back what was made; what cannot be given back now is written down for that.
  public void giveBack() throws InterruptedException {
    for (Made each : made) {
      try {
        each.found
            .generator()
            .giveBack(
                each.found.spec(), each.state, generators.context(each.found, object, _ -> {}));
      } catch (StoreException e) {
        try {
          Struct _ = write(each, world.now());
        } catch (ApiException f) {
          // it ends by itself
        }
      }
    }
  }

  private Struct write(Made each, @Nullable Instant deadline) {
    Struct resource = each.found.resource();
    Struct shown =
        resource.with("metadata", Struct.of("name", Meta.of(resource).name())).without("status");
    return api.create(
        GENERATOR_STATES,
        GeneratorState.of(object, each.key, shown, each.state, deadline).object());
  }
}
