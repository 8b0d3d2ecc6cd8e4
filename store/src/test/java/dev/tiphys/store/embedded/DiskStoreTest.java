package dev.tiphys.store.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.store.KeyValue;
import dev.tiphys.store.Recorder;
import dev.tiphys.store.Store;
import dev.tiphys.store.StoreException.Reason;
import dev.tiphys.store.Write;
import dev.tiphys.world.RealWorld;
import dev.tiphys.world.World;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.LongStream;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The store in a directory of this machine.
@NullUnmarked // a null fails the test
class DiskStoreTest extends EmbeddedContract {

  @TempDir Path directory;

  @Override
  protected World newWorld() {
    return new RealWorld();
  }

  @Override
  protected Store open() {
    return EmbeddedStore.open(directory.resolve("some/where"), world);
  }

  private void reopen() {
    store.close();
    store = open();
  }

  @Test
  void everythingIsThereAfterReopening() throws Exception {
    put("/a", "1"); // 2
    put("/b", "1"); // 3
    put("/a", "2"); // 4
    delete("/b"); // 5
    written(Write.create("/c", bytes("1")).withCause(4)); // 6
    KeyValue before = store.get("/a");
    reopen();

    assertThat(store.revision()).isEqualTo(6);
    assertThat(texts(6)).containsExactly("/a=2", "/c=1");
    assertThatIsSame(store.get("/a"), before);
    assertThat(store.get("/c").cause()).isEqualTo(4);
    assertThat(put("/a", "3").revision()).isEqualTo(7);
  }

  @Test
  void historyIsThereAfterReopening() throws Exception {
    for (int i = 2; i <= 2200; i++) {
      put("/" + i % 7, "" + i);
    }
    store.compact(1000);
    reopen();
    Recorder recorder = Recorder.after(1000, store, world, "/");

    assertThat(store.history().compacted()).isEqualTo(1000);
    assertThat(texts(1003))
        .containsExactly("/0=1001", "/1=1002", "/2=1003", "/3=997", "/4=998", "/5=999", "/6=1000");
    assertThatThrown(() -> store.history().at(999), Reason.COMPACTED);
    assertThat(recorder.awaitEvents(1200).revisions())
        .isEqualTo(LongStream.rangeClosed(1001, 2200).boxed().toList());
  }

  @Test
  void leasesLiveAnewAfterReopening() throws Exception {
    long lease = store.grantLease(Duration.ofSeconds(1));
    long revoked = store.grantLease(Duration.ofSeconds(1));
    written(Write.create("/a", bytes("1")).withLease(lease));
    store.revokeLease(revoked);
    reopen();
    Recorder recorder = Recorder.fromNow(store, world, "/");

    assertThat(store.renewLease(lease)).isTrue();
    assertThat(store.renewLease(revoked)).isFalse();
    assertThat(recorder.awaitEvents(1).story()).containsExactly("-/a");
  }

  @Test
  void aDirectoryHasOneStoreAtATime() {
    assertThatThrown(this::open, Reason.IN_USE);
    reopen();
  }
}
