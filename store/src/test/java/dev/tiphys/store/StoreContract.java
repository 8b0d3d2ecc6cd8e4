package dev.tiphys.store;

import dev.tiphys.world.World;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/// What a [Store] promises. Every engine runs this.
@NullUnmarked // a null fails the test
public abstract class StoreContract
    implements WriteContract,
        ReadContract,
        CursorContract,
        IndexContract,
        LeaseContract,
        CompactionContract,
        ConcurrencyContract {

  protected World world;
  protected Store store;

  protected StoreContract() {}

  protected abstract World newWorld();

  /// An empty store.
  protected abstract Store open() throws Exception;

  @BeforeEach
  public void openStore() throws Exception {
    world = newWorld();
    store = open();
  }

  @AfterEach
  public void closeStore() {
    store.close();
  }

  @Override
  public World world() {
    return world;
  }

  @Override
  public Store store() {
    return store;
  }
}
