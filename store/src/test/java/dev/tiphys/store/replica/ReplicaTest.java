package dev.tiphys.store.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiphys.store.Cursor;
import dev.tiphys.store.Event;
import dev.tiphys.store.Index;
import dev.tiphys.store.KeyValue;
import dev.tiphys.store.StoreException;
import dev.tiphys.store.StoreException.Reason;
import dev.tiphys.world.VirtualWorld;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/// What engines rely on that feed a replica: revisions with several events or none, and restarts.
class ReplicaTest {

  private final VirtualWorld world = new VirtualWorld(1);
  private final Replica replica = Replica.empty(world);
  private final TreeEdit edit = new TreeEdit(Tree.EMPTY);

  @Test
  void theEventsOfOneRevisionComeTogether() {
    Cursor cursor = replica.keyspace("/").cursor("/", 1, world.gate());
    feed(5, "/a", "/b", "/c");
    feed(9, "/a", "/b");

    assertThat(keys(cursor.poll(1))).containsExactly("/a", "/b", "/c");
    assertThat(cursor.position()).isEqualTo(5);
    assertThat(keys(cursor.poll(1))).containsExactly("/a", "/b");
    assertThat(cursor.poll(1)).isEmpty();
  }

  @Test
  void revisionsBetweenEventsCanBeReadAndFollowedFrom() {
    feed(5, "/a");
    feed(9, "/a", "/b");

    assertThat(replica.at(7).get("/a")).extracting(KeyValue::revision).isEqualTo(5L);
    assertThat(replica.at(7).revision()).isEqualTo(7);
    assertThat(replica.at(3).count("", "")).isZero();
    assertThat(keys(replica.keyspace("/").cursor("/", 7, world.gate()).poll(10)))
        .containsExactly("/a", "/b");
    replica.compact(7);
    assertThat(replica.at(7).get("/a")).extracting(KeyValue::revision).isEqualTo(5L);
    assertThat(keys(replica.keyspace("/b").cursor("/b", 7, world.gate()).poll(10)))
        .containsExactly("/b");
  }

  @Test
  void aRestartEndsCursorsAndKeepsIndexesTrue() {
    feed(2, "/a");
    Cursor behind = replica.keyspace("/").cursor("/", 1, world.gate());
    Cursor idle = replica.keyspace("/").cursor("/", 2, world.gate());
    Index index = Objects.requireNonNull(replica.keyspace("/").index("length", this::length));
    Cursor indexed = index.cursor("2", "/", 2, world.gate());
    assertThat(idle.poll(1)).isEmpty();
    assertThat(indexed.poll(1)).isEmpty();
    TreeEdit other = new TreeEdit(Tree.EMPTY);
    other.put(state("/b", 40));
    other.put(state("/long", 41));
    replica.restart(new TreeSnapshot(50, other.tree()));

    for (Cursor cursor : List.of(behind, idle, indexed)) {
      assertThatThrownBy(() -> cursor.poll(1))
          .isInstanceOfSatisfying(
              StoreException.class, e -> assertThat(e.reason()).isEqualTo(Reason.COMPACTED));
    }
    assertThat(index.find(replica.newest(), "2")).extracting(KeyValue::key).containsExactly("/b");
    assertThat(replica.compacted()).isEqualTo(50);
    assertThat(keys(replica.keyspace("/").cursor("/", 50, world.gate()).poll(1))).isEmpty();
  }

  @Test
  void aKeyspaceThatIsAskedForLateKnowsThePast() {
    feed(2, "/a/1");
    feed(3, "/b/1");
    feed(4, "/a/2");

    assertThat(keys(replica.keyspace("/a/").cursor("/a/", 1, world.gate()).poll(10)))
        .containsExactly("/a/1", "/a/2");
  }

  private String length(KeyValue state) {
    return "" + state.key().length();
  }

  private static List<String> keys(List<Event> events) {
    return events.stream().map(Event::key).toList();
  }

  private void feed(long revision, String... keys) {
    List<Event> events = new ArrayList<>();
    for (String key : keys) {
      Event event = new Event(revision, key, state(key, revision), edit.get(key), 0);
      edit.apply(event);
      events.add(event);
    }
    replica.append(events, new TreeSnapshot(revision, edit.tree()));
  }

  private static KeyValue state(String key, long revision) {
    return new KeyValue(key, new byte[1], revision, revision, 1, 0, 0);
  }
}
