package dev.tiphys.client;

import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.Timestamps;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.Reason;
import dev.tiphys.world.Gate;
import dev.tiphys.world.SupervisedTask;
import dev.tiphys.world.World;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/// Writes Events about objects, as upstream's components do through the core API.
///
/// An event that says the same about the same object as an earlier one does not become a second
/// object: the first one's count goes up. Events are written in the background and in order; when
/// too many wait, new ones are dropped: nothing must wait for them.
///
/// Threads: any.
public final class EventRecorder implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(EventRecorder.class.getName());
  private static final int LONGEST_QUEUE = 16_384;
  private static final int REMEMBERED = 4_096;
  private static final int NAMES = 8; // that are tried

  private final World world;
  private final Api api;
  private final String component;
  private final String host;
  private final Gate gate;
  private final Queue<Occurrence> queue = new ArrayDeque<>();
  private final Map<Same, Written> written = new Remembered();
  private final List<Gate> flushing = new ArrayList<>(); // guarded by queue
  private final SupervisedTask task;
  private long lastName;

  /// What makes two events the same. The regarded object's version is not part of it.
  private record Same(Struct regarding, String type, String reason, String message) {}

  /// An event that happened, and the revision that its maker reacted to.
  private record Occurrence(Same event, Struct regarding, Instant time, long cause) {}

  /// The object that tells of an event.
  private record Written(String namespace, String name, long count) {}

  private static final class Remembered extends LinkedHashMap<Same, Written> {
    private static final long serialVersionUID = 1;

    @Override
    protected boolean removeEldestEntry(Map.Entry<Same, Written> eldest) {
      return size() > REMEMBERED;
    }
  }

  /// @param component the part that reports: `deployment-controller`
  /// @param host where it runs; empty if that does not matter
  public EventRecorder(World world, Api api, String component, String host) {
    this.world = world;
    this.api = api;
    this.component = component;
    this.host = host;
    this.gate = world.gate();
    this.task = world.supervisor().start("events-" + component, this::run);
  }

  /// Something happened that was to be expected.
  public void normal(Struct object, String reason, String message) {
    record(Meta.of(object).reference(), "Normal", reason, message);
  }

  /// Something happened that should not.
  public void warning(Struct object, String reason, String message) {
    record(Meta.of(object).reference(), "Warning", reason, message);
  }

  /// Reports an event.
  ///
  /// @param regarding a reference to the object, perhaps with a `fieldPath` into it
  public void record(Struct regarding, String type, String reason, String message) {
    String text = message.length() > 1024 ? message.substring(0, 1024) : message;
    Same event = new Same(regarding.without("resourceVersion"), type, reason, text);
    synchronized (queue) {
      if (queue.size() >= LONGEST_QUEUE) {
        return;
      }
      queue.add(new Occurrence(event, regarding, world.now(), Cause.revision()));
    }
    gate.open();
  }

  private void run() throws InterruptedException {
    while (true) {
      Occurrence next = poll();
      if (next == null) {
        gate.await();
      } else {
        Cause.during(next.cause, () -> write(next));
      }
    }
  }

  private @Nullable Occurrence poll() {
    synchronized (queue) {
      Occurrence next = queue.poll();
      if (next == null) {
        flushing.forEach(Gate::open);
        flushing.clear();
      }
      return next;
    }
  }

  /// Waits until what was reported before is written or given up, but no longer than for a time.
  public void flush(Duration limit) throws InterruptedException {
    Gate written = world.gate();
    synchronized (queue) {
      flushing.add(written);
    }
    gate.open();
    boolean _ = written.await(limit);
  }

  private void write(Occurrence occurrence) {
    try {
      Written before = written.get(occurrence.event);
      Written now = before == null ? null : again(before, occurrence);
      written.put(occurrence.event, now == null ? first(occurrence) : now);
    } catch (ApiException e) {
      LOG.log(
          Level.DEBUG, "an event was not written: component={0} error={1}", component, e.message());
    }
  }

  /// Counts the event that was written before. Null if that is gone.
  private @Nullable Written again(Written before, Occurrence occurrence) {
    Struct patch =
        Struct.of("count", before.count + 1, "lastTimestamp", Timestamps.seconds(occurrence.time));
    try {
      api.patch(ApiResource.EVENTS, before.namespace, before.name, "", PatchType.STRATEGIC, patch);
      return new Written(before.namespace, before.name, before.count + 1);
    } catch (ApiException e) {
      if (e.is(Reason.NOT_FOUND)) {
        return null;
      }
      throw e;
    }
  }

  /// A name that this recorder has not used: events of one moment must not take each other's.
  private String nameFor(String regarded, Instant time) {
    long nanos = time.getEpochSecond() * 1_000_000_000 + time.getNano();
    lastName = Math.max(nanos, lastName + 1);
    return regarded + "." + Long.toHexString(lastName);
  }

  /// Writes it as an object of its own. If another component has told something else of the same
  /// object in the same moment, the name is taken, and the next one is tried.
  private Written first(Occurrence occurrence) {
    for (int i = 1; ; i++) {
      try {
        return create(occurrence);
      } catch (ApiException e) {
        if (!e.is(Reason.ALREADY_EXISTS) || i == NAMES) {
          throw e;
        }
      }
    }
  }

  private Written create(Occurrence occurrence) {
    Same event = occurrence.event;
    String regarded = event.regarding.string("namespace");
    String namespace = regarded.isEmpty() ? "default" : regarded;
    Instant time = occurrence.time;
    String seconds = Timestamps.seconds(time);
    Struct source =
        new StructBuilder().add("component", component).addUnlessEmpty("host", host).build();
    Struct object =
        new StructBuilder(16)
            .add("kind", "Event")
            .add("apiVersion", "v1")
            .add("metadata", Struct.of("namespace", namespace))
            .add("involvedObject", occurrence.regarding)
            .add("reason", event.reason)
            .add("message", event.message)
            .add("source", source)
            .add("firstTimestamp", seconds)
            .add("lastTimestamp", seconds)
            .add("count", 1L)
            .add("type", event.type)
            .add("reportingComponent", component)
            .add("reportingInstance", host)
            .build();
    while (true) {
      String name = nameFor(event.regarding.string("name"), time);
      try {
        api.create(ApiResource.EVENTS, object.withAt(name, "metadata", "name"));
        return new Written(namespace, name, 1);
      } catch (ApiException e) {
        if (!e.is(Reason.ALREADY_EXISTS)) { // by another recorder, in the same moment
          throw e;
        }
      }
    }
  }

  @Override
  public void close() {
    task.close();
  }
}
