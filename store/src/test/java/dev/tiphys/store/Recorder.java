package dev.tiphys.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.world.Gate;
import dev.tiphys.world.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads from a cursor, and remembers what it read.
///
/// Threads: one.
public final class Recorder implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final Gate news;
  private final Cursor cursor;
  private final List<Event> events = new ArrayList<>();

  /// Opens a cursor, given where its news are to be told.
  public interface Opening {
    Cursor open(Gate news);
  }

  public Recorder(World world, Opening opening) {
    this.news = world.gate();
    this.cursor = opening.open(news);
  }

  /// Reads what comes after a revision.
  public static Recorder after(long revision, Store store, World world, String prefix) {
    return new Recorder(
        world, news -> store.history().keyspace(prefix).cursor(prefix, revision, news));
  }

  /// Reads what comes from now on.
  public static Recorder fromNow(Store store, World world, String prefix) {
    return after(store.revision(), store, world, prefix);
  }

  /// All that was read.
  public List<Event> events() {
    return List.copyOf(events);
  }

  public List<Long> revisions() {
    return events.stream().map(Event::revision).toList();
  }

  /// What was read, in short: "key=value" or "-key".
  public List<String> story() {
    return events.stream().map(Recorder::line).toList();
  }

  private static String line(Event event) {
    KeyValue current = event.current();
    return current == null ? "-" + event.key() : event.key() + "=" + new String(current.value());
  }

  /// Reads what there is now.
  public Recorder read() {
    List<Event> slice = cursor.poll(7);
    while (!slice.isEmpty()) {
      events.addAll(slice);
      slice = cursor.poll(7);
    }
    return this;
  }

  /// Reads until so many events have come.
  public Recorder awaitEvents(int count) throws InterruptedException {
    while (read().events.size() < count) {
      assertThat(news.await(PATIENCE)).as("news after %s, of %d", events, count).isTrue();
    }
    return this;
  }

  /// Reads until the cursor ends.
  public StoreException awaitEnd() throws InterruptedException {
    @Nullable StoreException end = null;
    while (end == null) {
      try {
        read();
        assertThat(news.await(PATIENCE)).as("news after %s", events).isTrue();
      } catch (StoreException e) {
        end = e;
      }
    }
    return end;
  }

  public long position() {
    return cursor.position();
  }

  @Override
  public void close() {
    cursor.close();
  }
}
