package dev.tiphys.storage.volumes;

import dev.tiphys.grpc.GrpcException;
import dev.tiphys.grpc.GrpcStatus;
import dev.tiphys.storage.host.LoopDevices;
import dev.tiphys.storage.host.Machine;
import dev.tiphys.storage.host.Mount;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The volumes and snapshots below a directory of this machine.
///
/// **Promises.** Each method can be called again after a process was killed in it, and then
/// finishes what was begun; what is not asked for again is cleared away by [#recover]. Nothing that
/// is in use is deleted.
///
/// **Errors.** A [GrpcException] with the code that CSI wants; an [IOException] when the machine
/// fails.
///
/// **Threads.** Any; one at a time for each volume and each snapshot.
public final class Volumes {

  private static final Pattern PLAIN_NAME = Pattern.compile("[a-z0-9][a-z0-9.-]{0,79}");
  private static final long USUAL_SIZE = 1L << 30;
  private static final long ROUNDED_TO = 1L << 20;
  private static final int FIRST_PROJECT = 1 << 20;
  private static final long PROBE_SIZE = 64L << 20;

  private final Machine machine;
  private final Path root;
  private final InstantSource clock;
  private final Shelf<Volume> volumes;
  private final Shelf<Snapshot> snapshots;
  private final FileSystems fileSystems;
  private final Copies copies;
  private final LoopDevices devices;
  private final Room room;
  private final AtomicLong reserved = new AtomicLong(); // for what is being made
  private final Object choosing = new Object(); // projects
  private @Nullable Boolean quotas; // guarded by choosing

  /// @param root a directory of its own
  public Volumes(Machine machine, Path root, InstantSource clock) {
    this.machine = machine;
    this.root = root;
    this.clock = clock;
    this.volumes = new Shelf<>(machine, root.resolve("volumes"), Volume::of, Volume::toStruct);
    this.snapshots =
        new Shelf<>(machine, root.resolve("snapshots"), Snapshot::of, Snapshot::toStruct);
    this.fileSystems = new FileSystems(machine);
    this.copies = new Copies(machine);
    this.devices = new LoopDevices(machine);
    this.room = new Room(root);
  }

  /// Clears away what a process that was killed has left. To be called before anything else.
  public void recover() throws IOException, InterruptedException {
    machine.makeDirectory(root);
    for (Volume volume : volumes.all()) {
      copies.thaw(image(volume));
    }
    for (String id : volumes.halves()) {
      requireUnused(id);
      volumes.remove(id);
    }
    for (String id : snapshots.halves()) {
      snapshots.remove(id);
    }
    machine.removeTree(root.resolve("probe"));
  }

  public @Nullable Volume find(String id) throws IOException {
    return volumes.find(id);
  }

  /// @throws GrpcException `NOT_FOUND`
  public Volume require(String id) throws IOException {
    Volume volume = volumes.find(id);
    if (volume == null) {
      throw new GrpcException(GrpcStatus.NOT_FOUND, "volume %s not found".formatted(id));
    }
    return volume;
  }

  /// All volumes, in the order of their ids.
  public List<Volume> all() throws IOException {
    return volumes.all();
  }

  /// All snapshots, in the order of their ids.
  public List<Snapshot> allSnapshots() throws IOException {
    return snapshots.all();
  }

  /// The file that a volume is in.
  public Path image(Volume volume) {
    return volumes.image(volume.id());
  }

  /// The directory that a volume without an image is.
  public Path files(Volume volume) {
    return volumes.files(volume.id());
  }

  /// The handle of the volume or snapshot with a name.
  public static String idOf(String name) {
    if (PLAIN_NAME.matcher(name).matches()) {
      return name;
    }
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
      return "x-" + HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Makes a volume, or finds that it is there.
  public Volume create(Wanted wanted) throws IOException, InterruptedException {
    String id = idOf(wanted.name());
    Volume present = volumes.find(id);
    if (present != null) {
      requireSame(present, wanted);
      return present;
    }
    Content content = content(wanted);
    long size = size(wanted, content);
    long promised = wanted.overcommitted() ? Room.LEAST : size;
    reserve(promised);
    try {
      return make(id, wanted, content, size);
    } finally {
      reserved.addAndGet(-promised);
    }
  }

  private Volume make(String id, Wanted wanted, Content content, long size)
      throws IOException, InterruptedException {
    requireUnused(id);
    volumes.begin(id);
    Source source = wanted.source();
    Volume volume =
        new Volume(
            id,
            wanted.name(),
            size,
            content,
            content.isDirectory() ? project(id) : 0,
            wanted.overcommitted(),
            source == null ? "" : source.text());
    try {
      fill(volume, source);
    } catch (IOException | InterruptedException | GrpcException e) {
      machine.removeTree(volumes.directory(id)); // what is half-made takes room
      throw e;
    }
    volumes.put(id, volume);
    return volume;
  }

  private static void requireSame(Volume present, Wanted wanted) {
    Source source = wanted.source();
    boolean same =
        present.size() >= wanted.required()
            && (wanted.limit() == 0 || present.size() <= wanted.limit())
            && present.content().isBlock() == wanted.block()
            && (wanted.backing() == null || present.content().backing() == wanted.backing())
            && present.source().equals(source == null ? "" : source.text());
    if (!same) {
      throw new GrpcException(
          GrpcStatus.ALREADY_EXISTS,
          "volume %s already exists, but is not what is asked for".formatted(present.name()));
    }
  }

  private Content content(Wanted wanted) throws IOException, InterruptedException {
    Source source = wanted.source();
    if (source != null) {
      Content copied = contentOf(source);
      if (copied.isBlock() != wanted.block()
          || wanted.backing() != null && copied.backing() != wanted.backing()) {
        throw new GrpcException(
            GrpcStatus.INVALID_ARGUMENT,
            "%s is of another kind than the volume that is asked for".formatted(source.text()));
      }
      return copied;
    }
    if (wanted.block()) {
      if (wanted.backing() == Backing.DIRECTORY) {
        throw new GrpcException(
            GrpcStatus.INVALID_ARGUMENT, "a directory is no block device: backing must be image");
      }
      return Content.BLOCK;
    }
    if (wanted.backing() == Backing.DIRECTORY && !hasQuotas()) {
      throw new GrpcException(
          GrpcStatus.RESOURCE_EXHAUSTED,
          "the file system of this node has no project quotas (mount option prjquota)");
    }
    return wanted.backing() != Backing.IMAGE && wanted.fileSystem().isEmpty() && hasQuotas()
        ? Content.DIRECTORY
        : new Content(Backing.IMAGE, FileSystems.require(wanted.fileSystem()));
  }

  private Content contentOf(Source source) throws IOException {
    return switch (source) {
      case Source.OfVolume(var id) -> require(id).content();
      case Source.OfSnapshot(var id) -> requireSnapshot(id).content();
    };
  }

  private long sizeOf(Source source) throws IOException {
    return switch (source) {
      case Source.OfVolume(var id) -> require(id).size();
      case Source.OfSnapshot(var id) -> requireSnapshot(id).size();
    };
  }

  private long size(Wanted wanted, Content content) throws IOException {
    Source source = wanted.source();
    long copied = source == null ? 0 : sizeOf(source);
    if (wanted.required() > 0 && wanted.required() < copied) {
      throw new GrpcException(
          GrpcStatus.OUT_OF_RANGE,
          "%d bytes are asked for, but %s has %d"
              .formatted(wanted.required(), source == null ? "" : source.text(), copied));
    }
    long least = content.fileSystem().isEmpty() ? 0 : FileSystems.smallest(content.fileSystem());
    long size = Math.max(wanted.required(), Math.max(copied, least));
    if (size == least && wanted.required() == 0) {
      size = wanted.limit() == 0 ? USUAL_SIZE : Math.min(USUAL_SIZE, wanted.limit());
    }
    return fitting(size, wanted.limit());
  }

  /// A size rounded up.
  private static long fitting(long size, long limit) {
    if (size > Long.MAX_VALUE - ROUNDED_TO) {
      throw new GrpcException(
          GrpcStatus.OUT_OF_RANGE, "no volume can have %d bytes".formatted(size));
    }
    long rounded = (size + ROUNDED_TO - 1) / ROUNDED_TO * ROUNDED_TO;
    if (limit > 0 && rounded > limit) {
      throw new GrpcException(
          GrpcStatus.OUT_OF_RANGE,
          "a volume of %d bytes is more than the limit of %d".formatted(rounded, limit));
    }
    return rounded;
  }

  private void fill(Volume volume, @Nullable Source source)
      throws IOException, InterruptedException {
    String id = volume.id();
    if (volume.content().isDirectory()) {
      Path files = volumes.files(id);
      machine.makeDirectory(files);
      machine.limit(files, volume.project(), volume.size());
      if (source == null) {
        machine.run("chmod", "0777", files.toString());
      } else {
        copies.files(
            switch (source) {
              case Source.OfVolume(var other) -> volumes.files(other);
              case Source.OfSnapshot(var other) -> snapshots.files(other);
            },
            files);
      }
      return;
    }
    Path image = volumes.image(id);
    switch (source) {
      case Source.OfVolume(var other) -> copies.liveImage(volumes.image(other), image);
      case Source.OfSnapshot(var other) -> copies.image(snapshots.image(other), image);
      case null -> {}
    }
    machine.grow(image, volume.size());
    if (source == null && !volume.content().isBlock()) {
      fileSystems.make(volume.content().fileSystem(), image);
    }
  }

  /// Deletes a volume, if there is one.
  ///
  /// @throws GrpcException `FAILED_PRECONDITION` if it is in use
  public void delete(String id) throws IOException, InterruptedException {
    if (volumes.find(id) == null) {
      return;
    }
    requireUnused(id);
    volumes.remove(id);
  }

  private void requireUnused(String id) throws IOException, InterruptedException {
    Path image = volumes.image(id);
    String device = devices.find(image);
    boolean mounted =
        device.isEmpty() ? isMountedElsewhere(volumes.files(id)) : !Mount.of(device).isEmpty();
    if (mounted) {
      throw new GrpcException(GrpcStatus.FAILED_PRECONDITION, "volume %s is in use".formatted(id));
    }
    if (!device.isEmpty()) {
      devices.detach(image); // staged by a process that was killed
    }
  }

  /// Whether a directory is mounted at another place.
  private static boolean isMountedElsewhere(Path directory) throws IOException {
    return Files.exists(directory) && !Mount.binds(directory).isEmpty();
  }

  /// Has a volume be larger; it is never made smaller. Returns what it is then.
  public Volume expand(String id, long required, long limit)
      throws IOException, InterruptedException {
    Volume volume = require(id);
    if (volume.size() >= required) {
      if (limit > 0 && volume.size() > limit) {
        throw new GrpcException(
            GrpcStatus.OUT_OF_RANGE, "volume %s has %d bytes already".formatted(id, volume.size()));
      }
      return volume;
    }
    long size = fitting(required, limit);
    requireRoom(volume.overcommitted() ? Room.LEAST : size - volume.size());
    if (volume.content().isDirectory()) {
      machine.limit(volumes.files(id), volume.project(), size);
    } else {
      machine.grow(volumes.image(id), size);
    }
    Volume larger = volume.withSize(size);
    volumes.put(id, larger);
    return larger;
  }

  /// Says whether the size of a volume is a limit only from now on, or is set aside.
  ///
  /// @throws GrpcException `FAILED_PRECONDITION` if there is no room for what is to be set aside:
  ///   nothing has happened then
  public Volume overcommit(String id, boolean overcommitted)
      throws IOException, InterruptedException {
    Volume volume = require(id);
    if (volume.overcommitted() == overcommitted) {
      return volume;
    }
    Volume modified = volume.withOvercommitted(overcommitted);
    long promised = overcommitted ? 0 : Math.max(0, volume.size() - content(volume));
    synchronized (reserved) { // what is promised at the same moment counts too
      long available = available(null);
      if (promised > available) {
        throw new GrpcException(GrpcStatus.FAILED_PRECONDITION, Room.shortage(available, promised));
      }
      volumes.put(id, modified);
    }
    return modified;
  }

  public @Nullable Snapshot findSnapshot(String id) throws IOException {
    return snapshots.find(id);
  }

  private Snapshot requireSnapshot(String id) throws IOException {
    Snapshot snapshot = snapshots.find(id);
    if (snapshot == null) {
      throw new GrpcException(GrpcStatus.NOT_FOUND, "snapshot %s not found".formatted(id));
    }
    return snapshot;
  }

  /// Takes a snapshot of a volume, or finds that it was taken.
  public Snapshot snapshot(String name, String source) throws IOException, InterruptedException {
    String id = idOf(name);
    Snapshot present = snapshots.find(id);
    if (present != null) {
      if (!present.volume().equals(source)) {
        throw new GrpcException(
            GrpcStatus.ALREADY_EXISTS,
            "snapshot %s already exists, of another volume".formatted(name));
      }
      return present;
    }
    Volume volume = require(source);
    requireRoom(content(volume));
    Instant now = clock.instant();
    snapshots.begin(id);
    try {
      if (volume.content().isDirectory()) {
        machine.makeDirectory(snapshots.files(id));
        copies.files(volumes.files(source), snapshots.files(id));
      } else {
        copies.liveImage(volumes.image(source), snapshots.image(id));
      }
    } catch (IOException | InterruptedException e) {
      machine.removeTree(snapshots.directory(id));
      throw e;
    }
    Snapshot taken = new Snapshot(id, name, source, volume.size(), volume.content(), now);
    snapshots.put(id, taken);
    return taken;
  }

  /// How much the content of a volume takes, and a copy of it at most.
  private long content(Volume volume) throws IOException {
    return volume.content().isDirectory() ? Room.used(files(volume)) : Room.used(image(volume));
  }

  /// Deletes a snapshot, if there is one. Volumes that were made of it stay.
  public void deleteSnapshot(String id) throws IOException {
    if (snapshots.find(id) != null) {
      snapshots.remove(id);
    }
  }

  /// The bytes that a new volume of a kind can have.
  public long available(@Nullable Backing backing) throws IOException, InterruptedException {
    if (backing == Backing.DIRECTORY && !hasQuotas()) {
      return 0;
    }
    List<Path> places = new ArrayList<>();
    List<Long> sizes = new ArrayList<>();
    for (Volume volume : volumes.all()) {
      places.add(volume.content().isDirectory() ? files(volume) : image(volume));
      sizes.add(volume.overcommitted() ? 0 : volume.size());
    }
    return Math.max(0, room.available(places, sizes) - reserved.get());
  }

  /// The bytes that a new volume of a kind can have whose size is a limit only: any number, as long
  /// as there is room at all.
  public long limit(@Nullable Backing backing) throws IOException, InterruptedException {
    return available(backing) >= Room.LEAST ? Room.LARGEST : 0;
  }

  private void requireRoom(long bytes) throws IOException, InterruptedException {
    Room.require(available(null), bytes);
  }

  /// Sets room aside for a volume that is being made: others that are made beside it must not count
  /// on the same bytes.
  private void reserve(long bytes) throws IOException, InterruptedException {
    synchronized (reserved) {
      requireRoom(bytes);
      reserved.addAndGet(bytes);
    }
  }

  /// Whether directories can be limited here: found out by trying.
  private boolean hasQuotas() throws IOException {
    synchronized (choosing) {
      Boolean known = quotas;
      if (known != null) {
        return known;
      }
      Path probe = root.resolve("probe");
      machine.makeDirectory(probe);
      boolean found;
      try {
        machine.limit(probe, FIRST_PROJECT, PROBE_SIZE);
        found = true;
      } catch (IOException e) {
        found = false;
      }
      machine.removeTree(probe);
      quotas = found;
      return found;
    }
  }

  /// A project that no other volume has. Other clusters on the same file system begin elsewhere.
  private int project(String id) throws IOException {
    synchronized (choosing) {
      List<Integer> taken = volumes.all().stream().map(Volume::project).toList();
      int span = Integer.MAX_VALUE - FIRST_PROJECT - 1;
      UnaryOperator<Integer> next = each -> FIRST_PROJECT + 1 + (each - FIRST_PROJECT) % span;
      int project = FIRST_PROJECT + 1 + Math.floorMod((root + "/" + id).hashCode(), span);
      while (taken.contains(project)) {
        project = next.apply(project);
      }
      return project;
    }
  }
}
