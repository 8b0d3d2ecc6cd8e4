package dev.tiphys.store.embedded;

import dev.tiphys.store.Store;
import dev.tiphys.world.RealWorld;
import dev.tiphys.world.World;

class InMemoryStoreTest extends EmbeddedContract {

  @Override
  protected World newWorld() {
    return new RealWorld();
  }

  @Override
  protected Store open() {
    return EmbeddedStore.inMemory(world);
  }
}
