package dev.tiphys.store.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.store.Write;
import dev.tiphys.store.embedded.disk.Disk;
import dev.tiphys.store.embedded.log.SegmentHeader;
import dev.tiphys.world.VirtualWorld;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A log whose last batch is there only in part: it was never acknowledged.
class TornBatchTest {

  private static final String LOG = SegmentHeader.name(1);

  private final VirtualWorld world = new VirtualWorld(1);
  private final SplittableRandom random = new SplittableRandom(1);
  private final byte[] value = new byte[3000];

  private SimulatedDisk before;
  private byte[] after;
  private int start;
  private int end;

  @BeforeEach
  void writeABatch() {
    SimulatedDisk disk = new SimulatedDisk();
    try (EmbeddedStore store = open(disk)) {
      put(store, "/first", new byte[700]);
      before = disk.copy();
      new SplittableRandom(2).nextBytes(value);
      Arrays.fill(value, 600, 1800, (byte) 0); // two sectors of zeros, and they are content
      put(store, "/second", value);
    }
    after = disk.bytes(LOG);
    byte[] untouched = before.bytes(LOG);
    start = Arrays.mismatch(untouched, after);
    end = after.length;
    while (untouched[end - 1] == after[end - 1]) {
      end--;
    }
    assertThat(start % Disk.SECTOR).isZero();
    assertThat(end % Disk.SECTOR).isZero();
  }

  @Test
  void isCutOffAtWhateverByteItEnds() {
    for (int length = 0; length < end - start; length++) {
      SimulatedDisk disk = before.copy();
      System.arraycopy(after, start, disk.bytes(LOG), start, length);

      // one byte or two of the last sector's stamp more or less make no difference
      assertThatItGoesOn(disk, length >= end - start - 2);
    }
  }

  @Test
  void isCutOffWhicheverSectorsAreMissing() {
    int sectors = (end - start) / Disk.SECTOR;
    for (int present = 0; present < 1 << sectors; present++) {
      SimulatedDisk disk = before.copy();
      for (int i = 0; i < sectors; i++) {
        if ((present >> i & 1) == 1) {
          int at = start + i * Disk.SECTOR;
          System.arraycopy(after, at, disk.bytes(LOG), at, Disk.SECTOR);
        }
      }

      assertThatItGoesOn(disk, present == (1 << sectors) - 1);
    }
  }

  private void assertThatItGoesOn(SimulatedDisk disk, boolean whole) {
    try (EmbeddedStore store = open(disk)) {
      assertThat(store.revision()).isEqualTo(whole ? 3 : 2);
      assertThat(store.get("/first")).isNotNull();
      assertThat(store.get("/second") != null).isEqualTo(whole);
      put(store, "/third", new byte[random.nextInt(4000)]);
    }
    try (EmbeddedStore store = open(disk)) {
      assertThat(store.revision()).isEqualTo(whole ? 4 : 3);
      assertThat(store.get("/third")).isNotNull();
    }
  }

  private EmbeddedStore open(SimulatedDisk disk) {
    return EmbeddedStore.open(disk, PowerLossTest.SMALL, world);
  }

  private static void put(EmbeddedStore store, String key, byte[] value) {
    store.write(Write.create(key, value));
  }
}
