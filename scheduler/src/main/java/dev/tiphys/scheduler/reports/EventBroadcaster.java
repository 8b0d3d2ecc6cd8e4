package dev.tiphys.scheduler.reports;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.Cause;
import dev.tiphys.client.PatchType;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.Timestamps;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.Reason;
import dev.tiphys.schema.GroupVersion;
import dev.tiphys.world.Gate;
import dev.tiphys.world.SupervisedTask;
import dev.tiphys.world.Timer;
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
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// Writes Events through `events.k8s.io/v1`.
///
/// What is told again of the same state of the same object becomes a series of the first Event: the
/// second time is written, more of them are counted and written now and then. A series that nothing
/// is added to for six minutes has ended. Events are written in the background and in order, when
/// there is nothing better to do, or when they have waited for some seconds: a Pod that is
/// scheduled comes before what is told about others. When too many wait, new ones are dropped:
/// nothing must wait for them.
///
/// Threads: any.
public final class EventBroadcaster implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(EventBroadcaster.class.getName());
  private static final ApiResource EVENTS =
      new ApiResource(GroupVersion.parse("events.k8s.io/v1"), "events", "Event", true);
  private static final Duration END = Duration.ofMinutes(6);
  private static final Duration REFRESH = Duration.ofMinutes(30);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);
  private static final int LONGEST_QUEUE = 16_384;
  private static final int REMEMBERED = 4_096;
  private static final int NAMES = 8; // that are tried

  private final World world;
  private final Api api;
  private final String controller;
  private final String instance;
  private final Gate gate;
  private final BooleanSupplier busy;
  private final Queue<Step> queue = new ArrayDeque<>();
  private final SupervisedTask task;
  private volatile @Nullable Timer ending;
  private volatile @Nullable Timer refreshing;
  private volatile boolean closed;

  /// Those that may become a series, the longest known first. For the task only.
  private final Map<Kind, Series> known = new LinkedHashMap<>();

  private long lastName;

  /// @param since when it has waited for its turn, by the world's nanoTime
  private record Step(Runnable action, long since) {}

  /// What makes an Event another one of a series. What it says in words is no part of it.
  private record Kind(
      Struct regarding, Struct related, String type, String reason, String action) {}

  /// An Event that was written, and how often it has happened since.
  private static final class Series {
    private final Struct event;
    private long count = 1;
    private Instant last;

    Series(Struct event, Instant time) {
      this.event = event;
      this.last = time;
    }

    Struct tree() {
      return Struct.of("count", count, "lastObservedTime", Timestamps.micros(last));
    }
  }

  /// @param controller the name of the scheduler
  /// @param host where it runs
  /// @param busy whether there is something better to do
  public EventBroadcaster(
      World world, Api api, String controller, String host, BooleanSupplier busy) {
    this.world = world;
    this.api = api;
    this.controller = controller;
    this.instance = controller + "-" + host;
    this.busy = busy;
    this.gate = world.background().gate();
    this.task = world.supervisor().start("events-" + controller, this::run);
  }

  /// Something happened that was to be expected.
  ///
  /// @param related what else it has to do with; empty for nothing
  /// @param action what was done, in a word
  public void normal(Struct object, Struct related, String reason, String action, String note) {
    tell(object, related, "Normal", reason, action, note);
  }

  /// Something happened that should not.
  public void warning(Struct object, String reason, String action, String note) {
    tell(object, Struct.EMPTY, "Warning", reason, action, note);
  }

  private void tell(
      Struct object, Struct related, String type, String reason, String action, String note) {
    Struct other = related.isEmpty() ? related : Meta.of(related).reference();
    Kind kind = new Kind(Meta.of(object).reference(), other, type, reason, action);
    Instant time = world.now();
    long cause = Cause.revision();
    enqueue(() -> Cause.during(cause, () -> write(kind, Notes.cut(note), time)));
  }

  private void enqueue(Runnable action) {
    boolean first;
    synchronized (queue) {
      if (queue.size() >= LONGEST_QUEUE) {
        return;
      }
      first = queue.isEmpty();
      queue.add(new Step(action, world.nanoTime()));
    }
    if (first) {
      gate.open();
    }
  }

  /// There may be time to write now.
  public void look() {
    gate.open();
  }

  private void run() throws InterruptedException {
    while (true) {
      Step next;
      synchronized (queue) {
        next = queue.peek();
      }
      if (next == null) {
        gate.await();
      } else if (busy.getAsBoolean() && mayWait(next) > 0) {
        boolean _ = gate.await(Duration.ofNanos(mayWait(next)));
      } else {
        synchronized (queue) {
          queue.remove(); // Only this task takes any.
        }
        attempt(next.action);
      }
    }
  }

  /// How many nanoseconds more.
  private long mayWait(Step step) {
    return Math.max(0, step.since + LONGEST_WAIT.toNanos() - world.nanoTime());
  }

  private void attempt(Runnable write) {
    try {
      write.run();
    } catch (ApiException e) {
      LOG.log(
          Level.DEBUG,
          "an event was not written: component={0} error={1}",
          controller,
          e.message());
    }
  }

  private void write(Kind kind, String note, Instant time) {
    Series before = known.get(kind);
    if (before == null) {
      remember(kind, new Series(create(event(kind, note, time)), time));
      return;
    }
    before.count++;
    before.last = time;
    if (before.count == 2) {
      update(before);
    }
  }

  private void remember(Kind kind, Series series) {
    known.put(kind, series);
    if (known.size() > REMEMBERED) {
      Kind oldest = known.keySet().iterator().next();
      end(oldest);
    }
    lookLater();
  }

  private void end(Kind kind) {
    Series series = known.remove(kind);
    if (series != null && series.count > 2) {
      update(series);
    }
  }

  /// Sees to it that what has ended is forgotten, and that series that go on outlive the time after
  /// which the API server drops Events.
  private void lookLater() {
    if (ending == null) {
      ending = later(END, this::endSeries);
      refreshing = refreshing == null ? later(REFRESH, this::refresh) : refreshing;
    }
  }

  private @Nullable Timer later(Duration span, Runnable step) {
    return closed ? null : world.background().schedule(span, () -> enqueue(step));
  }

  private void endSeries() {
    ending = null;
    Instant ended = world.now().minus(END);
    List<Kind> over = new ArrayList<>();
    known.forEach(
        (kind, series) -> {
          if (!series.last.isAfter(ended)) {
            over.add(kind);
          }
        });
    over.forEach(kind -> attempt(() -> end(kind)));
    if (!known.isEmpty()) {
      lookLater();
    }
  }

  private void refresh() {
    refreshing = null;
    known.values().stream()
        .filter(series -> series.count > 1)
        .toList()
        .forEach(series -> attempt(() -> update(series)));
    if (!known.isEmpty()) {
      refreshing = later(REFRESH, this::refresh);
    }
  }

  /// Writes how far a series has come; as a new Event, if the first one is gone.
  private void update(Series series) {
    Meta meta = Meta.of(series.event);
    Struct patch = Struct.of("series", series.tree());
    try {
      api.patch(EVENTS, meta.namespace(), meta.name(), "", PatchType.STRATEGIC, patch);
    } catch (ApiException e) {
      if (!e.is(Reason.NOT_FOUND)) {
        throw e;
      }
      api.create(EVENTS, series.event.with("series", series.tree()));
    }
  }

  private Struct event(Kind kind, String note, Instant time) {
    String regarded = kind.regarding.string("namespace");
    return new StructBuilder(16)
        .add(
            "metadata",
            Struct.of(
                "name",
                nameFor(kind.regarding, time),
                "namespace",
                regarded.isEmpty() ? "default" : regarded))
        .add("eventTime", Timestamps.micros(time))
        .add("reportingController", controller)
        .add("reportingInstance", instance)
        .add("action", kind.action)
        .add("reason", kind.reason)
        .add("regarding", kind.regarding)
        .addUnlessEmpty("related", kind.related)
        .add("note", note)
        .add("type", kind.type)
        .build();
  }

  /// A name that this one has not used: Events of one moment must not take each other's.
  private String nameFor(Struct regarding, Instant time) {
    long nanos = time.getEpochSecond() * 1_000_000_000 + time.getNano();
    lastName = Math.max(nanos, lastName + 1);
    return regarding.string("name") + "." + Long.toHexString(lastName);
  }

  /// Returns what was written. If another component has told of the same object in the same moment,
  /// the name is taken, and the next one is tried.
  private Struct create(Struct event) {
    Struct named = event;
    for (int i = 1; ; i++) {
      try {
        api.create(EVENTS, named);
        return named;
      } catch (ApiException e) {
        if (!e.is(Reason.ALREADY_EXISTS) || i == NAMES) {
          throw e;
        }
        named = event.withAt(nameFor(event.struct("regarding"), Instant.EPOCH), "metadata", "name");
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    cancel(ending);
    cancel(refreshing);
    task.close();
  }

  private static void cancel(@Nullable Timer timer) {
    if (timer != null) {
      timer.cancel();
    }
  }
}
