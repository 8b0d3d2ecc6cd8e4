package dev.tiphys.secrets.provider.vault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.object.Struct;
import dev.tiphys.secrets.provider.References;
import dev.tiphys.secrets.provider.RemoteReference;
import dev.tiphys.secrets.vault.Setup;
import dev.tiphys.world.RealWorld;
import dev.tiphys.world.World;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// Many that ask at the same moment are no more than a server can bear.
class StormTest extends VaultTest {

  private static final int MANY = 200;

  @Test
  void equalReadsAreOneAndOthersComeAFewAtATime() throws InterruptedException {
    Setup.Puts engine = scene.setup.kvTwo("secret");
    World world = new RealWorld();
    Struct vault = scene.settings("v2", VaultScene.BY_ROLE);
    try (Session session =
        new Sessions()
            .open(
                world,
                transport,
                vault,
                Struct.EMPTY,
                new References(cluster.api, false, "default"))) {
      KeyValues values = new KeyValues(world, session, new KeyPaths("secret", true));
      VaultStore store = new VaultStore(values, new Writing(values, false));
      engine.put("same", Struct.of("v", "same"));
      scene.server.held = new CountDownLatch(1);
      AtomicInteger right = new AtomicInteger();
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < MANY; i++) {
        String own = "own-" + i;
        engine.put(own, Struct.of("v", own));
        threads.add(Thread.ofVirtual().start(() -> check(store, "same", right)));
        threads.add(Thread.ofVirtual().start(() -> check(store, own, right)));
      }
      while (scene.server.busy() < 16 || !threads.stream().allMatch(StormTest::waits)) {
        Thread.onSpinWait();
      }
      scene.server.held.countDown();
      for (Thread each : threads) {
        each.join();
      }
      assertThat(right).hasValue(2 * MANY);
      assertThat(scene.server.count("GET secret/data/same")).isEqualTo(1);
      assertThat(scene.server.count("GET secret/data/own-")).isEqualTo(MANY);
      assertThat(scene.server.count("PUT auth/approle/login")).isEqualTo(1);
      assertThat(scene.server.most).hasValue(16);
    }
  }

  private static boolean waits(Thread thread) {
    return thread.getState() == Thread.State.WAITING
        || thread.getState() == Thread.State.TIMED_WAITING;
  }

  private static void check(VaultStore store, String key, AtomicInteger right) {
    try {
      byte[] value = store.read(new RemoteReference(key, "v"));
      if (new String(value, StandardCharsets.UTF_8).equals(key)) {
        right.incrementAndGet();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
