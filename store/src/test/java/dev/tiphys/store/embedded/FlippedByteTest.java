package dev.tiphys.store.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.store.KeyValue;
import dev.tiphys.store.StoreException;
import dev.tiphys.store.StoreException.Reason;
import dev.tiphys.store.Write;
import dev.tiphys.store.embedded.disk.Disk;
import dev.tiphys.store.embedded.log.SegmentHeader;
import dev.tiphys.world.RealWorld;
import dev.tiphys.world.VirtualWorld;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A directory in which one byte is not what it was: either that makes no difference, or the store
/// does not open, and says which file is damaged.
class FlippedByteTest {

  @TempDir Path directory;

  private final VirtualWorld world = new VirtualWorld(5);
  private final SplittableRandom random = new SplittableRandom(5);
  private SimulatedDisk disk;
  private String contents;
  private int damaged;
  private int harmless;

  /// A checkpoint, and after it several segments, of which the last one is half full.
  @BeforeEach
  void fill() throws Exception {
    try (EmbeddedStore store =
        EmbeddedStore.open(directory, PowerLossTest.SMALL, new RealWorld())) {
      for (int i = 0; i < 300; i++) {
        byte[] value = new byte[random.nextInt(800)];
        if (i % 3 > 0) {
          random.nextBytes(value);
        }
        store.write(Write.put("/" + i % 50, value));
      }
      store.grantLease(Duration.ofHours(1));
      store.compact(150);
      for (int i = 0; i < 50; i++) {
        store.write(Write.put("/" + i % 50, new byte[100]));
      }
    }
    disk = SimulatedDisk.copyOf(directory);
    contents = contents(disk);
    assertThat(disk.names().stream().filter(SegmentHeader::isName)).hasSizeGreaterThan(2);
    assertThat(disk.names().stream().filter(Checkpoint::isName)).hasSize(1);
  }

  @Test
  void headersAndTheLastBatchAreGuarded() {
    for (String name : files()) {
      int size = disk.bytes(name).length;
      for (int at = 0; at < Math.min(size, 600); at++) {
        flip(name, at);
      }
    }
    String last = disk.names().stream().filter(SegmentHeader::isName).toList().getLast();
    int end = endOfData(disk.bytes(last));
    for (int at = end - 2 * Disk.SECTOR; at < end + Disk.SECTOR; at++) {
      flip(last, at);
    }
    assertThat(damaged).isGreaterThan(1000);
  }

  @Test
  void anyByteIsGuardedOrMakesNoDifference() {
    List<String> names = files();
    for (int i = 0; i < 1000; i++) {
      String name = names.get(random.nextInt(names.size()));
      flip(name, random.nextInt(disk.bytes(name).length));
    }
    assertThat(damaged).isPositive();
    assertThat(harmless).isPositive();
  }

  @Test
  @Tag("crash")
  @Timeout(3_600)
  void everyByteIsGuardedOrMakesNoDifference() {
    for (String name : files()) {
      byte[] bytes = disk.bytes(name);
      for (int at = 0; at < bytes.length; at += isUnused(bytes, at) ? 61 : 1) {
        flip(name, at);
      }
    }
  }

  /// Whether the sector at `at` was never written. Of those, not each byte is tried.
  private static boolean isUnused(byte[] bytes, int at) {
    int start = at - at % Disk.SECTOR;
    int end = Math.min(start + Disk.SECTOR, bytes.length);
    return Arrays.equals(bytes, start, end, new byte[Disk.SECTOR], 0, end - start);
  }

  @Test
  void aMissingFileIsNoticed() throws Exception {
    for (String name : files()) {
      SimulatedDisk less = disk.copy();
      less.delete(name);
      assertThat(reasonOf(less)).as(name).isEqualTo(Reason.CORRUPT);
    }
  }

  @Test
  void aShorterFileIsNoticed() {
    for (String name : files()) {
      for (int length : new int[] {0, 1, 100, 511, 512, disk.bytes(name).length - 1}) {
        SimulatedDisk less = disk.copy();
        less.truncate(name, length);
        assertThat(reasonOf(less)).as("%s of %d bytes", name, length).isEqualTo(Reason.CORRUPT);
      }
    }
  }

  /// The files that something is in.
  private List<String> files() {
    return disk.names().stream()
        .filter(name -> SegmentHeader.isName(name) || Checkpoint.isName(name))
        .toList();
  }

  private Reason reasonOf(SimulatedDisk changed) {
    try {
      contents(changed);
      throw new AssertionError("the store opens");
    } catch (StoreException e) {
      return e.reason();
    }
  }

  private void flip(String name, int at) {
    SimulatedDisk changed = disk.copy();
    changed.bytes(name)[at] ^= (byte) random.nextInt(1, 256);
    try {
      assertThat(contents(changed)).as("byte %d of %s", at, name).isEqualTo(contents);
      harmless++;
    } catch (StoreException e) {
      assertThat(e.reason()).isEqualTo(Reason.CORRUPT);
      assertThat(e).hasMessageContaining(name);
      assertThat(changed.bytes(name)).as("nothing was changed").hasSameSizeAs(disk.bytes(name));
      damaged++;
    }
  }

  /// All that can be read of a store.
  private String contents(SimulatedDisk of) {
    try (EmbeddedStore store = EmbeddedStore.open(of, PowerLossTest.SMALL, world)) {
      StringBuilder all = new StringBuilder();
      all.append(store.history().compacted()).append(" to ").append(store.revision());
      for (long revision : new long[] {store.history().compacted(), 250, store.revision()}) {
        for (KeyValue state : store.history().at(revision).list("", "", Integer.MAX_VALUE)) {
          all.append(state).append('=').append(Arrays.hashCode(state.value()));
        }
      }
      return all.toString();
    }
  }

  private static int endOfData(byte[] segment) {
    int end = segment.length;
    while (segment[end - 1] == 0) {
      end--;
    }
    return end;
  }
}
