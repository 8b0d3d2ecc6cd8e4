package dev.tiphys.secrets.generator;

import static dev.tiphys.secrets.model.SecretsResources.GENERATOR_STATES;

import dev.tiphys.client.Api;
import dev.tiphys.client.DeleteOptions;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.Reason;
import dev.tiphys.secrets.model.GeneratorState;
import dev.tiphys.secrets.provider.StoreException;
import dev.tiphys.world.World;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What is made for one object at one time. In the end either all of it is written down, so that it
/// is given back some day ([StateController]), or all of it is given back at once.
public final class Making {

  private final World world;
  private final Api api;
  private final Generators generators;
  private final Struct object;
  private final List<Made> made = new ArrayList<>();
  private final Set<Made> asked = new HashSet<>(); // to be written, and may be so

  /// @param stamp by which it is written down
  private record Made(String key, String stamp, Generators.Found found, Struct state) {}

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
            generators.context(
                found, object, state -> made.add(new Made(key, generators.stamp(), found, state))));
  }

  /// Writes down what was made. It takes the place of what was made for the same object and key
  /// before.
  ///
  /// @throws StoreException if that cannot be; then all of it is given back
  public void keep() throws InterruptedException {
    try {
      for (Made each : made) {
        asked.add(each);
        write(each, null);
      }
    } catch (ApiException e) {
      giveBack();
      throw new StoreException("could not commit generator state: " + e.message());
    }
  }

  /// Gives back what was made; what cannot be given back now is written down for that.
  public void giveBack() throws InterruptedException {
    for (Made each : made) {
      try {
        if (givesBack(each)) {
          forget(each);
        } else {
          owe(each);
        }
      } catch (ApiException e) {
        // it ends by itself, which is found out where a state says that it goes on
      }
    }
  }

  private boolean givesBack(Made each) throws InterruptedException {
    try {
      each.found
          .generator()
          .giveBack(each.found.spec(), each.state, generators.context(each.found, object, _ -> {}));
      return true;
    } catch (StoreException e) {
      return false;
    }
  }

  private void forget(Made each) {
    if (asked.contains(each)) {
      delete(each);
    }
  }

  private void owe(Made each) {
    try {
      write(each, world.now());
    } catch (ApiException e) {
      if (!e.is(Reason.ALREADY_EXISTS)) {
        throw e;
      }
      delete(each); // which has it given back
    }
  }

  private void write(Made each, @Nullable Instant deadline) {
    Struct resource = each.found.resource();
    Struct shown =
        resource.with("metadata", Struct.of("name", Meta.of(resource).name())).without("status");
    GeneratorState state =
        GeneratorState.of(object, each.key, each.stamp, shown, each.state, deadline);
    Struct _ = api.create(GENERATOR_STATES, state.object());
  }

  private void delete(Made each) {
    api.delete(
        GENERATOR_STATES,
        Meta.of(object).namespace(),
        GeneratorState.name(object, each.stamp),
        DeleteOptions.DEFAULT);
  }
}
