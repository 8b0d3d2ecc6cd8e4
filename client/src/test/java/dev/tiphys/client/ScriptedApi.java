package dev.tiphys.client;

import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.object.api.Reason;
import dev.tiphys.schema.GroupVersion;
import dev.tiphys.world.Gate;
import dev.tiphys.world.World;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/// A server far away, whose moods a test decides: it lists and tells what the test put into it, and
/// fails when the test says so. Keeps no rules; for those, tests run against the API server itself.
final class ScriptedApi implements Api {

  private final World world;
  private final Map<ObjectKey, Struct> objects = new LinkedHashMap<>();
  private final List<Stream> streams = new ArrayList<>();
  private final Queue<ApiException> listFailures = new ArrayDeque<>();
  private final Queue<ApiException> watchFailures = new ArrayDeque<>();
  private final Queue<ApiException> writeFailures = new ArrayDeque<>();

  /// What was asked, in order: `list`, `watch 3`, `create NAME`, `patch NAME {...}`.
  final List<String> asked = new ArrayList<>();

  /// What was created.
  final List<Struct> created = new ArrayList<>();

  /// The causes that what was created came with.
  final List<Long> causes = new ArrayList<>();

  private final Map<String, String> uids = new LinkedHashMap<>();
  private long revision;

  ScriptedApi(World world) {
    this.world = world;
  }

  /// Writes an object and tells those who watch.
  Struct put(String name, String value) {
    return put(name, value, true);
  }

  /// Writes an object without telling those who watch.
  Struct putUnseen(String name, String value) {
    return put(name, value, false);
  }

  private Struct put(String name, String value, boolean told) {
    Struct metadata =
        Struct.of("name", name, "namespace", "ns", "resourceVersion", Long.toString(++revision));
    String uid = uids.computeIfAbsent(name, any -> "uid-" + revision);
    Struct object = Struct.of("metadata", metadata.with("uid", uid), "data", Struct.of("v", value));
    Struct before = objects.put(ObjectKey.of(object), object);
    if (told) {
      tell(before == null ? WatchEvent.Type.ADDED : WatchEvent.Type.MODIFIED, object);
    }
    return object;
  }

  void remove(String name) {
    Struct last = removeUnseen(name);
    tell(
        WatchEvent.Type.DELETED,
        last.withAt(Long.toString(revision), "metadata", "resourceVersion"));
  }

  Struct removeUnseen(String name) {
    revision++;
    uids.remove(name);
    Struct last = objects.remove(new ObjectKey("ns", name));
    if (last == null) {
      throw new IllegalArgumentException(name);
    }
    return last;
  }

  void bookmark() {
    tell(
        WatchEvent.Type.BOOKMARK,
        Struct.of("metadata", Struct.of("resourceVersion", Long.toString(++revision))));
  }

  private void tell(WatchEvent.Type type, Struct object) {
    streams.forEach(stream -> stream.put(new WatchEvent(type, object)));
  }

  /// Sends an error to those who watch, as a server does that can't go on.
  void tellError(ApiException error) {
    tell(WatchEvent.Type.ERROR, error.status());
    streams.clear();
  }

  /// Ends all watches in good order.
  void endWatches() {
    List.copyOf(streams).forEach(Stream::close);
  }

  /// Breaks all watches, as a connection does that is lost.
  void breakWatches() {
    List.copyOf(streams).forEach(stream -> stream.fail(unreachable()));
  }

  static ApiException unreachable() {
    return ApiException.of(Reason.SERVICE_UNAVAILABLE, "cannot reach the server");
  }

  void failNextList(ApiException failure) {
    listFailures.add(failure);
  }

  void failNextWatch(ApiException failure) {
    watchFailures.add(failure);
  }

  void failNextWrite(ApiException failure) {
    writeFailures.add(failure);
  }

  int watchers() {
    return streams.size();
  }

  private static void failIfTold(Queue<ApiException> failures) {
    ApiException failure = failures.poll();
    if (failure != null) {
      throw failure;
    }
  }

  @Override
  public ObjectList list(ApiResource resource, String namespace, ListOptions options) {
    asked.add("list");
    failIfTold(listFailures);
    return new ObjectList(List.copyOf(objects.values()), Long.toString(revision), "");
  }

  @Override
  public WatchStream watch(ApiResource resource, String namespace, WatchOptions options) {
    asked.add("watch " + options.resourceVersion());
    failIfTold(watchFailures);
    Stream stream = new Stream();
    streams.add(stream);
    return stream;
  }

  @Override
  public Struct create(ApiResource resource, Struct object) {
    failIfTold(writeFailures);
    asked.add("create " + object.string("metadata", "name"));
    created.add(object);
    causes.add(Cause.revision());
    return object;
  }

  @Override
  public Struct patch(
      ApiResource resource,
      String namespace,
      String name,
      String subresource,
      PatchType type,
      Object patch) {
    failIfTold(writeFailures);
    asked.add("patch " + name + " " + patch);
    return Struct.EMPTY;
  }

  @Override
  public Struct get(
      ApiResource resource,
      String namespace,
      String name,
      String subresource,
      Map<String, String> query) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Struct update(ApiResource resource, Struct object, String subresource) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Struct createSubresource(
      ApiResource resource, String namespace, String name, String subresource, Struct object) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Struct delete(ApiResource resource, String namespace, String name, DeleteOptions options) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void deleteCollection(
      ApiResource resource, String namespace, ListOptions which, DeleteOptions options) {
    throw new UnsupportedOperationException();
  }

  @Override
  public ServedResources discover() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Struct describe(GroupVersion version) {
    throw new UnsupportedOperationException();
  }

  private final class Stream implements WatchStream {
    private final Queue<WatchEvent> events = new ArrayDeque<>();
    private final Gate gate = world.gate();
    private @Nullable ApiException failure;
    private boolean closed;

    void put(WatchEvent event) {
      events.add(event);
      gate.open();
    }

    void fail(ApiException reason) {
      failure = reason;
      close();
    }

    @Override
    public @Nullable WatchEvent next() throws InterruptedException {
      while (true) {
        WatchEvent event = events.poll();
        if (event != null) {
          return event;
        }
        if (failure != null) {
          throw failure;
        }
        if (closed) {
          return null;
        }
        gate.await();
      }
    }

    @Override
    public void close() {
      closed = true;
      streams.remove(this);
      gate.open();
    }
  }
}
