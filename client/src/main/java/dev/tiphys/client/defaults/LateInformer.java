package dev.tiphys.client.defaults;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.Informer;
import dev.tiphys.world.SupervisedTask;
import dev.tiphys.world.Supervisor.OnFailure;
import dev.tiphys.world.World;
import java.util.List;

/// An informer of a kind that not every cluster serves: it begins when the kind is served.
///
/// Threads: any.
public final class LateInformer implements AutoCloseable {

  private final World world;
  private final Api api;
  private final Informer informer;
  private final SupervisedTask task;

  /// @param listener is told what an informer tells
  public LateInformer(World world, Api api, ApiResource resource, Informer.Listener listener) {
    this.world = world;
    this.api = api;
    this.informer = new Informer(world, api, resource).listen(listener);
    this.task = world.supervisor().task("await-" + resource.plural(), OnFailure.RESTART);
  }

  /// Begins to wait for the kind, and returns at once.
  public void start() {
    task.start(
        () -> {
          ServedKinds.await(world, api, List.of(informer.resource()));
          informer.start();
        });
  }

  @Override
  public void close() {
    task.close();
    informer.close();
  }
}
