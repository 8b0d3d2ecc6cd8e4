package dev.tiphys.store.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.tiphys.store.Recorder;
import dev.tiphys.store.Store;
import dev.tiphys.store.StoreContract;
import dev.tiphys.store.StoreException.Reason;
import dev.tiphys.store.Write;
import dev.tiphys.world.RealWorld;
import dev.tiphys.world.VirtualWorld;
import dev.tiphys.world.World;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("etcd")
@NullUnmarked // a null fails the test
class EtcdStoreTest extends StoreContract {

  @TempDir Path directory;

  private EtcdServer etcd;

  @Override
  protected World newWorld() {
    return new RealWorld();
  }

  @Override
  protected Store open() throws Exception {
    etcd = new EtcdServer(directory, "http");
    Store opened = EtcdStore.connect(List.of(etcd.endpoint()), world);
    opened.revision(); // waits for etcd
    return opened;
  }

  @AfterEach
  void stopEtcd() throws Exception {
    etcd.close();
  }

  @Test
  void aCursorGoesOnWhenEtcdWasAway() throws Exception {
    Recorder recorder = Recorder.fromNow(store, world, "/");
    put("/a", "1");
    put("/a", "2");
    recorder.awaitEvents(2);
    etcd.stop();
    etcd.restart();
    put("/a", "3");
    put("/a", "4");

    assertThat(recorder.awaitEvents(4).revisions()).containsExactly(2L, 3L, 4L, 5L);
  }

  @Test
  void whatAnotherServerWroteIsThereAfterASync() throws Exception {
    try (Store other = EtcdStore.connect(List.of(etcd.endpoint()), world)) {
      for (int i = 0; i < 50; i++) {
        put("/a", "" + i);
        other.sync();

        assertThat(text(other.history().newest().get("/a"))).isEqualTo("" + i);
      }
    }
  }

  @Test
  void whatHappenedBeforeAServerBeganIsKnownToIt() throws Exception {
    put("/a", "1"); // 2
    put("/a", "2"); // 3
    put("/a", "3"); // 4
    store.compact(3);
    try (Store later = EtcdStore.connect(List.of(etcd.endpoint()), world)) {
      assertThat(later.history().compacted()).isEqualTo(3);
      assertThat(Recorder.after(3, later, world, "/").awaitEvents(1).story())
          .containsExactly("/a=3");
    }
  }

  @Test
  void whatIsKnownCanBeReadWhileEtcdIsAway() throws Exception {
    put("/a", "1");
    etcd.stop();

    assertThat(text(store.history().newest().get("/a"))).isEqualTo("1");
  }

  @Test
  void cursorsEndWhenEtcdWasCompactedBeyondWhatIsKnown() throws Exception {
    try (Relay relay = new Relay(etcd.endpoint());
        Store far = EtcdStore.connect(List.of(relay.endpoint()), world)) {
      Recorder recorder = Recorder.fromNow(far, world, "/");
      relay.cut();
      for (int i = 0; i < 10; i++) {
        put("/a", "" + i);
      }
      store.compact(store.revision());
      relay.mend();

      assertThat(recorder.awaitEnd().reason()).isEqualTo(Reason.COMPACTED);
      assertThat(text(far.history().newest().get("/a"))).isEqualTo("9");
      assertThat(far.history().compacted()).isEqualTo(11);
    }
  }

  @Test
  void anotherMemberIsAskedIfOneDoesNotAnswer() throws Exception {
    URI nobody = URI.create("http://127.0.0.1:1");
    try (Store other = EtcdStore.connect(List.of(nobody, etcd.endpoint()), world)) {
      put("/a", "1");

      assertThat(text(other.get("/a"))).isEqualTo("1");
    }
  }

  @Test
  void callsFailWhenEtcdIsAwayForLong() throws Exception {
    etcd.stop();

    assertThatThrown(() -> store.get("/a"), Reason.UNAVAILABLE);
  }

  @Test
  void aFullEtcdTakesNoWritesAndCanStillBeRead() throws Exception {
    store.close();
    etcd.close();
    etcd = new EtcdServer(directory, "http", "--quota-backend-bytes=1000000");
    store = EtcdStore.connect(List.of(etcd.endpoint()), world);
    put("/a", "1");

    assertThatThrown(this::putUntilItFails, Reason.NO_SPACE);
    assertThat(text(store.get("/a"))).isEqualTo("1");
  }

  private void putUntilItFails() {
    for (int i = 0; i < 1000; i++) {
      written(Write.put("/large", new byte[100_000]));
    }
  }

  @Test
  void keysAndValuesLieInEtcdAsTheyAre() throws Exception {
    put("/registry/things/ä", "value");
    assumeThat(Path.of("/usr/bin/etcdctl")).as("of the package etcd-client").exists();
    Process etcdctl =
        new ProcessBuilder("etcdctl", "--endpoints=" + etcd.endpoint(), "get", "", "--prefix")
            .redirectErrorStream(true)
            .start();

    assertThat(etcdctl.inputReader().lines().toList())
        .containsExactly("/registry/things/ä", "value");
  }

  @Test
  void ofSeveralServersOneCompactsEachTime() throws Exception {
    VirtualWorld first = new VirtualWorld(1);
    VirtualWorld second = new VirtualWorld(2);
    EtcdClient client = new EtcdClient(List.of(etcd.endpoint()), null);
    EtcdCompactor one = new EtcdCompactor(client, first, store::compact);
    EtcdCompactor other = new EtcdCompactor(client, second, store::compact);
    LongStream.range(0, 10).forEach(i -> put("/a", "" + i)); // up to 11

    first.advance(EtcdCompactor.INTERVAL); // 12, its first round: nothing to compact yet
    second.advance(EtcdCompactor.INTERVAL); // learns of it
    assertThat(store.history().compacted()).isZero();
    assertThat(text(store.get("compact_rev_key"))).isEqualTo("0");

    put("/a", "x"); // 13
    second.advance(EtcdCompactor.INTERVAL); // 14: the other one has this round
    first.advance(EtcdCompactor.INTERVAL); // too late
    assertThat(store.history().compacted()).isEqualTo(12);
    assertThat(text(store.get("compact_rev_key"))).isEqualTo("12");
    assertThat(store.get("compact_rev_key").version()).isEqualTo(2);

    first.advance(EtcdCompactor.INTERVAL);
    assertThat(store.history().compacted()).isEqualTo(14);
    one.close();
    other.close();
    first.settle();
    second.settle();
    client.close();
  }
}
