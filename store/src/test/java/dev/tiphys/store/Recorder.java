package dev.tiphys.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.world.Gate;
import dev.tiphys.world.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// A watcher that remembers what it was told, and can be waited for.
public final class Recorder implements Watcher {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final Gate told;
  private final List<Event> events = new ArrayList<>(); // guarded by itself
  private long revision; // guarded by events
  private @Nullable StoreException end; // guarded by events

  public Recorder(World world) {
    this.told = world.gate();
  }

  @Override
  public void happened(List<Event> happened, long newRevision) {
    synchronized (events) {
      assertThat(newRevision).isGreaterThanOrEqualTo(revision);
      events.addAll(happened);
      revision = newRevision;
    }
    told.open();
  }

  @Override
  public void ended(StoreException reason) {
    synchronized (events) {
      assertThat(end).as("told of the end before").isNull();
      end = reason;
    }
    told.open();
  }

  public List<Event> events() {
    synchronized (events) {
      return List.copyOf(events);
    }
  }

  /// What happened, in short: "key=value" or "-key".
  public List<String> story() {
    return events().stream().map(Recorder::line).toList();
  }

  private static String line(Event event) {
    KeyValue current = event.current();
    return current == null ? "-" + event.key() : event.key() + "=" + new String(current.value());
  }

  public Recorder awaitEvents(int count) throws InterruptedException {
    await(() -> events.size() >= count, count + " events");
    return this;
  }

  public Recorder awaitRevision(long awaited) throws InterruptedException {
    await(() -> revision >= awaited, "revision " + awaited);
    return this;
  }

  public StoreException awaitEnd() throws InterruptedException {
    await(() -> end != null, "the end");
    synchronized (events) {
      return java.util.Objects.requireNonNull(end);
    }
  }

  private void await(BooleanSupplier condition, String what) throws InterruptedException {
    while (true) {
      synchronized (events) {
        if (condition.getAsBoolean()) {
          return;
        }
      }
      assertThat(told.await(PATIENCE)).as("told of %s; so far: %s, %s", what, events, end).isTrue();
    }
  }
}
