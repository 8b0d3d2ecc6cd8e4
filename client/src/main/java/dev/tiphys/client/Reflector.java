package dev.tiphys.client;

import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.Reason;
import dev.tiphys.world.SupervisedTask;
import dev.tiphys.world.Supervisor.OnFailure;
import dev.tiphys.world.World;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Follows the objects of a resource: by a list, then by a watch, and by a new list whenever the
/// watch can't go on from where it ended. Keeps no object itself.
///
/// Guarantees: what is told is at every moment a state that the cluster was in, or on its way from
/// one to a later one. A change may be told as one that was several; none is left out for good.
///
/// Of a resource that the server does not serve when it begins there are no objects: so it is told,
/// and asked for again.
///
/// What keeps it from listing or watching is warned of once, and is its task's problem until it is
/// over ([SupervisedTask#problem]).
///
/// Threads: its own task calls the sink.
public final class Reflector implements AutoCloseable {

  private static final Duration FIRST_BACKOFF = Duration.ofMillis(200);
  private static final Duration LONGEST_BACKOFF = Duration.ofSeconds(30);

  private final World world;
  private final Api api;
  private final ApiResource resource;
  private final String namespace;
  private final ListOptions which;
  private final Sink sink;
  private volatile boolean closed;
  private volatile @Nullable WatchStream stream;
  private @Nullable SupervisedTask task;
  private boolean told; // whether some state was told
  private String version = ""; // the state that was reached; empty if a list has to come first

  /// Takes what is told. Must not wait.
  public interface Sink {
    /// A list begins: all that exists is told anew, up to [#listed].
    void listing();

    /// An object exists, in this state.
    void exists(Struct object);

    /// An object is gone.
    ///
    /// @param last its last state
    void gone(Struct last);

    /// The list is complete: what was not told since [#listing] does not exist.
    void listed();
  }

  /// @param namespace the only one it is about; empty for all
  /// @param which the selectors that objects must match; with a limit, the size of a list's pages
  public Reflector(
      World world, Api api, ApiResource resource, String namespace, ListOptions which, Sink sink) {
    this.world = world;
    this.api = api;
    this.resource = resource;
    this.namespace = namespace;
    this.which = which;
    this.sink = sink;
  }

  /// Starts to follow, as a task of this name.
  public void start(String name) {
    SupervisedTask own = world.supervisor().task(name, OnFailure.RESTART);
    task = own;
    own.start(() -> run(own));
  }

  /// Ends it, and waits until it has ended.
  @Override
  public void close() {
    closed = true;
    WatchStream running = stream;
    if (running != null) {
      running.close();
    }
    SupervisedTask own = task;
    if (own != null) {
      own.close();
    }
  }

  private void run(SupervisedTask own) throws InterruptedException {
    Duration backoff = FIRST_BACKOFF;
    while (!closed) {
      boolean cameOn = round(own);
      backoff = cameOn ? FIRST_BACKOFF : backoff;
      if (!cameOn && !closed) {
        world.background().sleep(backoff);
        Duration twice = backoff.multipliedBy(2);
        backoff = twice.compareTo(LONGEST_BACKOFF) < 0 ? twice : LONGEST_BACKOFF;
      }
    }
  }

  /// Lists if the state to go on from is not known, and follows the watch until it ends. Returns
  /// whether it brought anything, so that what brings nothing is not tried over and over.
  private boolean round(SupervisedTask own) throws InterruptedException {
    String from = version;
    try {
      if (version.isEmpty()) {
        version = list();
        from = version;
      }
      follow(own);
    } catch (ApiException e) {
      if (closed) {
        return false;
      }
      if (e.is(Reason.EXPIRED, Reason.GONE, Reason.TIMEOUT)) {
        version = "";
        return false;
      }
      if (!told && e.is(Reason.NOT_FOUND)) {
        told = true;
        sink.listing();
        sink.listed();
      }
      String doing = version.isEmpty() ? "list " : "watch ";
      own.problem("cannot " + doing + resource + ": " + e.message());
    }
    return !version.equals(from);
  }

  /// Tells all that exists. Returns the state that was told.
  private String list() {
    sink.listing();
    ObjectList page = api.list(resource, namespace, which);
    page.items().forEach(sink::exists);
    while (!page.continueToken().isEmpty()) {
      page = api.list(resource, namespace, which.after(page.continueToken()));
      page.items().forEach(sink::exists);
    }
    sink.listed();
    told = true;
    return page.resourceVersion();
  }

  /// Tells what happens after `version`, until the watch ends.
  private void follow(SupervisedTask own) throws InterruptedException {
    WatchOptions options =
        new WatchOptions(which.labelSelector(), which.fieldSelector(), version, true);
    try (WatchStream events = api.watch(resource, namespace, options)) {
      stream = events;
      own.problem("");
      for (WatchEvent event = events.next(); event != null && !closed; event = events.next()) {
        switch (event.type()) {
          case ADDED, MODIFIED -> sink.exists(event.object());
          case DELETED -> sink.gone(event.object());
          case BOOKMARK -> {}
          case ERROR ->
              throw ApiException.from(event.object(), (int) event.object().integer("code"));
        }
        version = Meta.of(event.object()).resourceVersion();
      }
    }
  }
}
