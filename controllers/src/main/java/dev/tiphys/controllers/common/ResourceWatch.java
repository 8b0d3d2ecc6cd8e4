package dev.tiphys.controllers.common;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.ListOptions;
import dev.tiphys.client.Reflector;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.world.Gate;
import dev.tiphys.world.World;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/// Tells of the objects of one resource, as they come and go, without keeping any: for controllers
/// that need little of each, where an informer would hold them all.
///
/// Lists page by page, so that no list of a large resource is ever in memory as a whole.
///
/// Threads: its own task tells.
public final class ResourceWatch implements AutoCloseable {

  private static final long PAGE = 500;

  private final ApiResource resource;
  private final Reflector reflector;
  private final Gate listed;

  /// Is told of objects.
  public interface Listener {
    void exists(ApiResource resource, Struct object);

    void gone(ApiResource resource, Struct last);

    /// A new list was told, and these are all there are.
    void listed(ApiResource resource, Set<String> uids);
  }

  /// @param namespace the only one it is about; empty for all
  public ResourceWatch(
      World world, Api api, ApiResource resource, String namespace, Listener listener) {
    this.resource = resource;
    this.listed = world.gate();
    this.reflector =
        new Reflector(
            world,
            api,
            resource,
            namespace,
            ListOptions.ALL.inPagesOf(PAGE),
            new Telling(listener));
  }

  private final class Telling implements Reflector.Sink {
    private final Listener listener;
    private final Set<String> uids = new HashSet<>(); // those of the list that is being told
    private boolean listing;

    Telling(Listener listener) {
      this.listener = listener;
    }

    @Override
    public void listing() {
      listing = true;
      uids.clear();
    }

    @Override
    public void exists(Struct object) {
      if (listing) {
        uids.add(Meta.of(object).uid());
      }
      listener.exists(resource, object);
    }

    @Override
    public void gone(Struct last) {
      listener.gone(resource, last);
    }

    @Override
    public void listed() {
      listener.listed(resource, Set.copyOf(uids));
      listing = false;
      uids.clear();
      listed.open();
    }
  }

  public ResourceWatch start() {
    reflector.start("watch-" + resource.plural());
    return this;
  }

  /// Waits until the objects that exist were told, or for a while if they can't be listed.
  public void awaitListed(Duration limit) throws InterruptedException {
    listed.await(limit);
  }

  @Override
  public void close() {
    reflector.close();
  }
}
