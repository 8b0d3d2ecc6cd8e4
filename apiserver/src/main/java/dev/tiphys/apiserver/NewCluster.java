package dev.tiphys.apiserver;

import dev.tiphys.apiserver.bootstrap.DefaultObjects.ApiServerAddress;
import dev.tiphys.store.Snapshot;
import dev.tiphys.store.Store;
import dev.tiphys.store.embedded.EmbeddedStore;
import dev.tiphys.world.VirtualWorld;
import dev.tiphys.world.World;
import org.jspecify.annotations.Nullable;

/// A cluster with the objects that every cluster has and nothing else, to begin with any number of
/// times: tests start many, and to make these objects is most of what a start takes.
///
/// They are made once. So all clusters that begin here have them with the same UIDs, and with the
/// time at which a [VirtualWorld] begins.
///
/// Threads: any.
public final class NewCluster {

  private final ApiServerSettings settings;
  private final ApiServerAddress address;
  private @Nullable Snapshot objects; // guarded by this

  /// @param settings of every API server that is started
  /// @param address where it is, as Pods are to find it
  public NewCluster(ApiServerSettings settings, ApiServerAddress address) {
    this.settings = settings;
    this.address = address;
  }

  /// An API server of another such cluster, over a store in memory.
  public ApiServer start(World world) {
    return new ApiServer(store(world), world, settings);
  }

  /// The store of another such cluster.
  public Store store(World world) {
    return EmbeddedStore.inMemory(world, objects());
  }

  private synchronized Snapshot objects() {
    Snapshot made = objects;
    if (made == null) {
      made = make();
      objects = made;
    }
    return made;
  }

  private Snapshot make() {
    VirtualWorld world = new VirtualWorld(1);
    try (Store store = EmbeddedStore.inMemory(world);
        ApiServer server = new ApiServer(store, world, settings)) {
      server.defaults(address).ensure();
      return store.snapshot();
    } finally {
      world.settle(); // its tasks end
    }
  }
}
