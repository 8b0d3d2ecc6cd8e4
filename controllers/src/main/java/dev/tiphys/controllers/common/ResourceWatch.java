package dev.tiphys.controllers.common;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiException;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.ListOptions;
import dev.tiphys.client.Meta;
import dev.tiphys.client.ObjectList;
import dev.tiphys.client.Reason;
import dev.tiphys.client.WatchEvent;
import dev.tiphys.client.WatchOptions;
import dev.tiphys.client.WatchStream;
import dev.tiphys.object.Struct;
import dev.tiphys.world.Gate;
import dev.tiphys.world.Task;
import dev.tiphys.world.World;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Tells of the objects of one resource, as they come and go, without keeping any: for those who
/// need little of each, where an informer would hold them all.
///
/// Lists page by page, so that no list of a large resource is ever in memory as a whole.
///
/// Threads: its own task tells.
public final class ResourceWatch implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(ResourceWatch.class.getName());
  private static final long PAGE = 500;
  private static final Duration FIRST_BACKOFF = Duration.ofMillis(200);
  private static final Duration LONGEST_BACKOFF = Duration.ofSeconds(30);

  private final World world;
  private final Api api;
  private final ApiResource resource;
  private final String namespace;
  private final Listener listener;
  private final Gate listed;
  private volatile boolean closed;
  private volatile @Nullable WatchStream stream;
  private @Nullable Task task;

  /// Who is told.
  public interface Listener {
    void exists(ApiResource resource, Struct object);

    void gone(ApiResource resource, Struct last);

    /// A new list was told, and these are all there are.
    void listed(ApiResource resource, Set<String> uids);
  }

  /// @param namespace the only one it is about; empty for all
  public ResourceWatch(
      World world, Api api, ApiResource resource, String namespace, Listener listener) {
    this.world = world;
    this.api = api;
    this.resource = resource;
    this.namespace = namespace;
    this.listener = listener;
    this.listed = world.gate();
  }

  public ResourceWatch start() {
    task = world.start("watch-" + resource.plural(), this::run);
    return this;
  }

  /// Waits until the objects that exist were told, or for a while if they can't be listed.
  public void awaitListed(Duration limit) throws InterruptedException {
    listed.await(limit);
  }

  private void run() {
    Duration backoff = FIRST_BACKOFF;
    String version = "";
    while (!closed) {
      try {
        version = version.isEmpty() ? list() : version;
        backoff = FIRST_BACKOFF;
        version = follow(version);
      } catch (ApiException e) {
        if (!closed) {
          version = e.is(Reason.EXPIRED, Reason.GONE) ? "" : version;
          LOG.log(Level.DEBUG, "watching failed: resource={0} error={1}", resource, e.message());
          backoff = pause(backoff);
        }
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private Duration pause(Duration span) {
    try {
      world.background().sleep(span);
    } catch (InterruptedException e) {
      closed = true;
    }
    Duration twice = span.multipliedBy(2);
    return twice.compareTo(LONGEST_BACKOFF) < 0 ? twice : LONGEST_BACKOFF;
  }

  private String list() {
    Set<String> uids = new HashSet<>();
    String next = "";
    String version;
    do {
      ObjectList page = api.list(resource, namespace, new ListOptions("", "", "", PAGE, next));
      for (Struct object : page.items()) {
        uids.add(Meta.of(object).uid());
        listener.exists(resource, object);
      }
      version = page.resourceVersion();
      next = page.continueToken();
    } while (!next.isEmpty());
    listener.listed(resource, uids);
    listed.open();
    return version;
  }

  private String follow(String version) throws InterruptedException {
    String reached = version;
    try (WatchStream events = api.watch(resource, namespace, WatchOptions.from(version))) {
      stream = events;
      for (WatchEvent event = events.next(); event != null && !closed; event = events.next()) {
        switch (event.type()) {
          case ADDED, MODIFIED -> listener.exists(resource, event.object());
          case DELETED -> listener.gone(resource, event.object());
          case BOOKMARK -> {}
          case ERROR ->
              throw ApiException.from(event.object(), (int) event.object().integer("code"));
        }
        reached = Meta.of(event.object()).resourceVersion();
      }
    }
    return reached;
  }

  @Override
  public void close() {
    closed = true;
    WatchStream running = stream;
    if (running != null) {
      running.close();
    }
    Task own = task;
    if (own != null) {
      own.interrupt();
    }
  }
}
