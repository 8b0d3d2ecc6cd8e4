package dev.tiphys.apiserver.kinds;

import dev.tiphys.apiserver.registry.ObjectNames;
import dev.tiphys.apiserver.registry.Strategy;
import dev.tiphys.apiserver.request.Call;
import dev.tiphys.object.Struct;
import dev.tiphys.world.World;

/// Limit ranges: the server names those that come without a name.
final class LimitRangeStrategy implements Strategy {

  private final World world;

  LimitRangeStrategy(World world) {
    this.world = world;
  }

  @Override
  public Struct prepareForCreate(Call call, Struct limits) {
    return limits.string("metadata", "name").isEmpty()
        ? limits.withAt(ObjectNames.uid(world.random()), "metadata", "name")
        : limits;
  }
}
