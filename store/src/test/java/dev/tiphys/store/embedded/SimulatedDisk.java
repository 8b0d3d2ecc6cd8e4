package dev.tiphys.store.embedded;

import dev.tiphys.store.embedded.disk.Disk;
import dev.tiphys.store.embedded.disk.RealDisk;
import dev.tiphys.world.Gate;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// A disk in memory, which can lose its power, fill up, and fail.
///
/// It keeps to the promises of [Disk] and to no others: when the power is lost, of what was not
/// synced each sector is there or not, in one of the states it had since the last sync; and so is
/// each change to the names. A sync that fails loses what it should have synced, but goes on to
/// show it, as Linux does.
final class SimulatedDisk implements Disk {

  private final Map<String, Contents> syncedNames = new TreeMap<>();
  private final TreeMap<String, Contents> names = new TreeMap<>();
  private final List<NameChange> unsyncedNames = new ArrayList<>();
  private long limit = Long.MAX_VALUE;
  private long promised = Long.MAX_VALUE;
  private long operationsLeft = Long.MAX_VALUE;
  private int failingSyncs;
  private @Nullable Gate syncGate;

  private interface NameChange {
    void apply(Map<String, Contents> names);
  }

  /// The bytes of a file.
  private static final class Contents {
    byte[] seen = new byte[0];
    byte[] synced = new byte[0];

    /// For each sector that was written since the last sync, all that it was since.
    final Map<Integer, List<byte[]>> unsynced = new HashMap<>();

    void write(ByteBuffer from, int position) {
      int end = position + from.remaining();
      if (end > seen.length) {
        seen = Arrays.copyOf(seen, end);
      }
      from.get(seen, position, end - position);
      for (int sector = position / SECTOR; sector * SECTOR < end; sector++) {
        byte[] written =
            Arrays.copyOfRange(seen, sector * SECTOR, Math.min((sector + 1) * SECTOR, seen.length));
        unsynced.computeIfAbsent(sector, _ -> new ArrayList<>()).add(written);
      }
    }

    void sync() {
      unsynced.forEach((sector, versions) -> synced = with(synced, sector, versions.getLast()));
      unsynced.clear();
    }

    Contents survive(RandomGenerator random) {
      Contents survivor = new Contents();
      survivor.synced = synced.clone();
      unsynced.forEach(
          (sector, versions) -> {
            int version = random.nextInt(versions.size() + 1);
            if (version > 0) {
              survivor.synced = with(survivor.synced, sector, versions.get(version - 1));
            }
          });
      survivor.seen = survivor.synced.clone();
      return survivor;
    }

    private static byte[] with(byte[] bytes, int sector, byte[] written) {
      byte[] changed =
          Arrays.copyOf(bytes, Math.max(bytes.length, sector * SECTOR + written.length));
      System.arraycopy(written, 0, changed, sector * SECTOR, written.length);
      return changed;
    }
  }

  /// A disk with the files of a directory.
  static SimulatedDisk copyOf(Path directory) throws IOException {
    SimulatedDisk disk = new SimulatedDisk();
    for (String name : new RealDisk(directory).names()) {
      disk.put(name, Files.readAllBytes(directory.resolve(name)));
    }
    return disk;
  }

  /// Another disk with the same files.
  SimulatedDisk copy() {
    SimulatedDisk copy = new SimulatedDisk();
    names.forEach((name, contents) -> copy.put(name, contents.seen.clone()));
    return copy;
  }

  private void put(String name, byte[] bytes) {
    Contents contents = new Contents();
    contents.seen = bytes;
    contents.synced = bytes.clone();
    names.put(name, contents);
    syncedNames.put(name, contents);
  }

  /// What is left when the power is lost now.
  SimulatedDisk losePower(RandomGenerator random) {
    SimulatedDisk left = new SimulatedDisk();
    Map<String, Contents> survivors = new TreeMap<>(syncedNames);
    for (NameChange change : unsyncedNames) {
      if (random.nextBoolean()) {
        change.apply(survivors);
      }
    }
    survivors.forEach((name, contents) -> left.put(name, contents.survive(random).seen));
    return left;
  }

  /// The power is lost after so many more operations: all later ones fail, and do nothing.
  void losePowerAfter(long operations) {
    operationsLeft = operations;
  }

  boolean hasPower() {
    return operationsLeft > 0;
  }

  /// There is room for `bytes` bytes more, and the disk says that there is room for `said`.
  void leaveRoom(long bytes, long said) {
    limit = size() + bytes;
    promised = size() + said;
  }

  void failSyncs(int count) {
    failingSyncs = count;
  }

  /// Every sync from now on waits until it passes `gate`.
  void holdSyncs(@Nullable Gate gate) {
    syncGate = gate;
  }

  /// The bytes of a file, to change.
  byte[] bytes(String name) {
    return file(name).seen;
  }

  void truncate(String name, int length) {
    file(name).seen = Arrays.copyOf(file(name).seen, length);
  }

  private Contents file(String name) {
    Contents contents = names.get(name);
    if (contents == null) {
      throw new IllegalArgumentException(name);
    }
    return contents;
  }

  @Override
  public List<String> names() {
    return List.copyOf(names.keySet());
  }

  @Override
  public DiskFile create(String name) throws IOException {
    operate();
    Contents created = new Contents();
    change(names -> names.put(name, created));
    return new SimulatedFile(created);
  }

  @Override
  public DiskFile open(String name) throws IOException {
    if (!names.containsKey(name)) {
      throw new NoSuchFileException(name);
    }
    return new SimulatedFile(file(name));
  }

  @Override
  public void rename(String from, String to) throws IOException {
    operate();
    Contents moved = file(from);
    change(
        names -> {
          names.remove(from, moved);
          names.put(to, moved);
        });
  }

  @Override
  public void delete(String name) throws IOException {
    operate();
    @Nullable Contents deleted = names.get(name);
    if (deleted != null) {
      change(names -> names.remove(name, deleted));
    }
  }

  private void change(NameChange change) {
    change.apply(names);
    unsyncedNames.add(change);
  }

  @Override
  public void syncNames() throws IOException {
    operate();
    syncedNames.clear();
    syncedNames.putAll(names);
    unsyncedNames.clear();
  }

  @Override
  public long size() {
    return names.values().stream().mapToLong(contents -> contents.seen.length).sum();
  }

  @Override
  public long room() {
    return promised == Long.MAX_VALUE ? promised : promised - size();
  }

  @Override
  public String path(String name) {
    return "simulated/" + name;
  }

  private void operate() throws IOException {
    if (operationsLeft == 0) {
      throw new IOException("the power is lost");
    }
    operationsLeft--;
  }

  private final class SimulatedFile implements DiskFile {
    private final Contents contents;

    SimulatedFile(Contents contents) {
      this.contents = contents;
    }

    @Override
    public long size() {
      return contents.seen.length;
    }

    @Override
    public void read(ByteBuffer into, long position) {
      int count = Math.min(into.remaining(), contents.seen.length - (int) position);
      if (count > 0) {
        into.put(contents.seen, (int) position, count);
      }
    }

    @Override
    public void write(ByteBuffer from, long position) throws IOException {
      operate();
      long growth = Math.max(0, position + from.remaining() - contents.seen.length);
      long missing = SimulatedDisk.this.size() + growth - limit;
      if (growth > 0 && missing > 0) {
        int fits = (int) Math.max(0, from.remaining() - missing) / SECTOR * SECTOR;
        contents.write(from.slice(from.position(), fits), (int) position);
        throw new DiskFullException("simulated");
      }
      contents.write(from, (int) position);
    }

    @Override
    public void sync() throws IOException {
      operate();
      passGate();
      if (failingSyncs > 0) {
        failingSyncs--;
        contents.unsynced.clear();
        throw new IOException("simulated failure of a sync");
      }
      contents.sync();
    }

    private void passGate() {
      try {
        if (syncGate != null) {
          syncGate.await();
        }
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public void close() {}
  }
}
