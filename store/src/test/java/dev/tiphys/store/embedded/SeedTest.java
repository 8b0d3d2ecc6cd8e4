package dev.tiphys.store.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiphys.store.Snapshot;
import dev.tiphys.store.StoreException;
import dev.tiphys.store.Write;
import dev.tiphys.world.RealWorld;
import dev.tiphys.world.World;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SeedTest {

  private static final World WORLD = new RealWorld();

  @TempDir private Path directory;

  private byte[] seed(EmbeddedStore store, long revision) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Seed.write(store.history().at(revision), Duration.ofMinutes(1), out);
    return out.toByteArray();
  }

  private static void put(EmbeddedStore store, String key, String value) {
    store.write(Write.put(key, value.getBytes(UTF_8)));
  }

  @Test
  void aStoreBeginsAsAnotherOneWasAndGoesItsOwnWay() throws IOException {
    Path planted = directory.resolve("planted");
    try (EmbeddedStore store = EmbeddedStore.inMemory(WORLD)) {
      put(store, "a", "1");
      put(store, "b", "1");
      long then = store.revision();
      put(store, "a", "2");

      assertThat(Seed.plant(new ByteArrayInputStream(seed(store, then)), planted)).isEqualTo(then);
      try (EmbeddedStore fork = EmbeddedStore.open(planted, WORLD)) {
        assertThat(fork.revision()).isEqualTo(then);
        assertThat(fork.get("a").value()).asString(UTF_8).isEqualTo("1");
        assertThat(fork.get("b").revision()).isEqualTo(then);
        put(fork, "c", "1");
        assertThat(fork.revision()).isEqualTo(then + 1);
        assertThat(store.get("c")).isNull();
      }
    }
    try (EmbeddedStore again = EmbeddedStore.open(planted, WORLD)) {
      assertThat(again.get("c")).isNotNull();
      assertThat(again.get("b")).isNotNull();
    }
  }

  @Test
  void aStoreInMemoryBeginsAsAnotherOneWas() {
    try (EmbeddedStore store = EmbeddedStore.inMemory(WORLD)) {
      put(store, "a", "1");
      Snapshot start = store.snapshot();
      put(store, "a", "2");

      try (EmbeddedStore other = EmbeddedStore.inMemory(WORLD, start)) {
        assertThat(other.revision()).isEqualTo(start.revision());
        assertThat(other.history().compacted()).isEqualTo(start.revision());
        put(other, "b", "1");
        assertThat(other.get("a").value()).asString(UTF_8).isEqualTo("1");
        assertThat(other.get("b").revision()).isEqualTo(start.revision() + 1);
        assertThat(store.get("b")).isNull();
      }
    }
  }

  @Test
  void whatIsTiedToALeaseLivesOnForAWhile() throws IOException {
    Path planted = directory.resolve("planted");
    try (EmbeddedStore store = EmbeddedStore.inMemory(WORLD)) {
      long lease = store.grantLease(Duration.ofHours(1));
      store.write(Write.put("event", new byte[] {1}).withLease(lease));
      ByteArrayOutputStream seed = new ByteArrayOutputStream();
      Seed.write(store.snapshot(), Duration.ofMillis(100), seed);
      Seed.plant(new ByteArrayInputStream(seed.toByteArray()), planted);
    }
    try (EmbeddedStore fork = EmbeddedStore.open(planted, WORLD)) {
      while (fork.get("event") != null) {
        Thread.onSpinWait();
      }
    }
  }

  @Test
  void aDirectoryThatHoldsSomethingIsLeftAlone() throws IOException {
    Path planted = Files.createDirectory(directory.resolve("planted"));
    Files.createFile(planted.resolve("something"));

    assertThatThrownBy(() -> Seed.plant(new ByteArrayInputStream(new byte[0]), planted))
        .isInstanceOfSatisfying(
            StoreException.class,
            e -> assertThat(e.reason()).isEqualTo(StoreException.Reason.IN_USE));
  }

  @Test
  void aDamagedSeedIsRefused() throws IOException {
    byte[] seed;
    try (EmbeddedStore store = EmbeddedStore.inMemory(WORLD)) {
      put(store, "a", "1");
      seed = seed(store, store.revision());
    }
    seed[seed.length - 1] ^= 1;

    assertThatThrownBy(
            () -> Seed.plant(new ByteArrayInputStream(seed), directory.resolve("planted")))
        .isInstanceOfSatisfying(
            StoreException.class,
            e -> assertThat(e.reason()).isEqualTo(StoreException.Reason.CORRUPT));
  }

  @Test
  void whatIsNoSeedIsRefused() {
    assertThatThrownBy(
            () ->
                Seed.plant(
                    new ByteArrayInputStream("nonsense, and a lot of it".getBytes(UTF_8)),
                    directory.resolve("planted")))
        .isInstanceOfSatisfying(
            StoreException.class,
            e -> assertThat(e.reason()).isEqualTo(StoreException.Reason.CORRUPT));
  }
}
