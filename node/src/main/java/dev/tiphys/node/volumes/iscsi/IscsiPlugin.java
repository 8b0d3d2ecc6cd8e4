package dev.tiphys.node.volumes.iscsi;

import dev.tiphys.client.Api;
import dev.tiphys.node.host.Interrupts;
import dev.tiphys.node.settings.PodDirectories;
import dev.tiphys.node.volumes.FileTree;
import dev.tiphys.node.volumes.Mounts;
import dev.tiphys.node.volumes.VolumeFailure;
import dev.tiphys.node.volumes.VolumePlugin;
import dev.tiphys.node.volumes.VolumeRequest;
import dev.tiphys.node.volumes.ledger.Ledger;
import dev.tiphys.node.volumes.ledger.LedgerEntry;
import dev.tiphys.node.volumes.ledger.LedgerEntry.Progress;
import dev.tiphys.node.volumes.ledger.LedgerEntry.Publication;
import dev.tiphys.node.volumes.ledger.Retries;
import dev.tiphys.object.Struct;
import dev.tiphys.world.KeyedLock;
import dev.tiphys.world.World;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// Disks of iSCSI targets: logged in to and mounted once on a node, and bound to each Pod.
///
/// Each step is in a [Ledger] before it is begun, as those of storage drivers are.
///
/// Threads: any; one target is worked with by one at a time, as its disks share sessions.
public final class IscsiPlugin implements VolumePlugin {
  private static final System.Logger LOG = System.getLogger(IscsiPlugin.class.getName());
  private static final String NAME = "kubernetes.io/iscsi";
  private static final String DIRECTORY = "kubernetes.io~iscsi";

  private final PodDirectories directories;
  private final Mounts mounts;
  private final Initiator initiator;
  private final ChapSecrets secrets;
  private final Ledger ledger;
  private final KeyedLock locks;
  private final Retries retries;

  public IscsiPlugin(
      World world, Api api, PodDirectories directories, Mounts mounts, Initiator initiator) {
    this.directories = directories;
    this.mounts = mounts;
    this.initiator = initiator;
    this.secrets = new ChapSecrets(api);
    this.ledger = new Ledger(directories.iscsiLedger());
    this.locks = new KeyedLock(world);
    this.retries = new Retries(world);
  }

  @Override
  public void start() throws IOException {
    int _ = ledger.load(mounts);
  }

  @Override
  public boolean handles(Struct source) {
    return source.has("iscsi");
  }

  @Override
  public String name(Struct source) {
    return NAME;
  }

  @Override
  public Path prepare(VolumeRequest request)
      throws VolumeFailure, IOException, InterruptedException {
    IscsiDisk disk = IscsiDisk.of(request);
    try (KeyedLock.Turn _ = locks.take(disk.iqn())) {
      return prepare(request, disk);
    }
  }

  private Path prepare(VolumeRequest request, IscsiDisk disk)
      throws VolumeFailure, IOException, InterruptedException {
    String uid = request.pod().uid();
    String key = Ledger.key(NAME, disk.path() + request.block());
    Path target =
        request.block()
            ? directories.device(uid, DIRECTORY, request.name())
            : directories.volume(uid, DIRECTORY, request.name());
    LedgerEntry entry = wanted(request, disk, key, target);
    if (entry.published(uid) == Progress.DONE && Files.exists(target)) {
      return target;
    }
    Path device = stage(request, disk, key);
    ledger.put(key, entry(key).with(uid, new Publication(target.toString(), Progress.UNKNOWN)));
    if (request.block()) {
      Files.createDirectories(target.resolveSibling(""));
      Files.deleteIfExists(target);
      Files.createSymbolicLink(target, device);
    } else {
      bind(request, Path.of(entry.staging()), target);
    }
    ledger.put(key, entry(key).with(uid, new Publication(target.toString(), Progress.DONE)));
    return target;
  }

  /// The disk in the ledger, with the Pod among those that want it.
  private LedgerEntry wanted(VolumeRequest request, IscsiDisk disk, String key, Path target)
      throws VolumeFailure, IOException {
    String uid = request.pod().uid();
    LedgerEntry entry = ledger.find(key);
    if (entry == null) {
      entry =
          new LedgerEntry(
              NAME,
              disk.text(),
              request.name(),
              request.block(),
              false,
              request.block() ? "" : staging(disk).toString(),
              Progress.NONE,
              Map.of());
    }
    boolean others = entry.publications().keySet().stream().anyMatch(other -> !other.equals(uid));
    if (others && request.source().strings("accessModes").contains("ReadWriteOncePod")) {
      throw new VolumeFailure(
          "volume uses the ReadWriteOncePod access mode and is already in use by another pod");
    }
    if (!entry.publications().containsKey(uid)) {
      entry = entry.with(uid, new Publication(target.toString(), Progress.NONE));
      ledger.put(key, entry);
    }
    return entry;
  }

  private Path staging(IscsiDisk disk) {
    return directories.plugin(NAME).resolve(disk.path());
  }

  private LedgerEntry entry(String key) {
    LedgerEntry entry = ledger.find(key);
    if (entry == null) {
      throw new IllegalStateException("a volume in use is not in the ledger");
    }
    return entry;
  }

  /// Logs in, and mounts what is on the disk unless it is wanted as a device.
  ///
  /// @return the device
  private Path stage(VolumeRequest request, IscsiDisk disk, String key)
      throws VolumeFailure, IOException, InterruptedException {
    LedgerEntry entry = entry(key);
    Path staging = Path.of(entry.staging());
    if (entry.staged() == Progress.DONE && !request.block() && mounts.isMounted(staging)) {
      return staging;
    }
    ledger.put(key, entry.withStaged(Progress.UNKNOWN));
    Path device;
    try {
      device = initiator.attach(disk, secrets.of(request));
    } catch (IOException e) {
      Interrupts.check();
      String step = request.block() ? "MapVolume.WaitForAttach" : "MountVolume.WaitForAttach";
      throw VolumeFailure.at(step, request.name(), String.valueOf(e.getMessage()));
    }
    if (!request.block()) {
      mount(request, device, staging);
    }
    ledger.put(key, entry(key).withStaged(Progress.DONE));
    return device;
  }

  private void mount(VolumeRequest request, Path device, Path staging)
      throws VolumeFailure, InterruptedException {
    Struct source = request.source().struct("iscsi");
    List<String> options = new ArrayList<>(request.source().strings("mountOptions"));
    if (source.bool("readOnly")) {
      options.add("ro");
    }
    try {
      Files.createDirectories(staging);
      if (!mounts.isMounted(staging)) {
        mounts.mountDevice(source.string("fsType"), device, staging, options);
      }
    } catch (IOException e) {
      Interrupts.check();
      throw VolumeFailure.at(
          "MountVolume.MountDevice", request.name(), String.valueOf(e.getMessage()));
    }
  }

  private void bind(VolumeRequest request, Path staging, Path target)
      throws IOException, InterruptedException {
    boolean readOnly = request.readOnly() || request.source().bool("iscsi", "readOnly");
    Files.createDirectories(target);
    if (!mounts.isMounted(target)) {
      if (readOnly) {
        mounts.mount("", staging.toString(), target, List.of("bind", "ro"));
      } else {
        mounts.bind(staging, target);
      }
    }
    if (!readOnly) {
      FileTree.share(target, request.pod(), false);
    }
  }

  @Override
  public void release(String uid) throws IOException, InterruptedException {
    for (String key : ledger.keys()) {
      LedgerEntry seen = ledger.find(key);
      if (seen != null && seen.publications().containsKey(uid)) {
        try (KeyedLock.Turn _ = locks.take(disk(seen).iqn())) {
          unbind(key, uid);
          unstageUnused(key);
        }
      }
    }
  }

  private static IscsiDisk disk(LedgerEntry entry) {
    return IscsiDisk.read(entry.handle());
  }

  private void unbind(String key, String uid) throws IOException, InterruptedException {
    LedgerEntry entry = ledger.find(key);
    Publication publication = entry == null ? null : entry.publications().get(uid);
    if (entry == null || publication == null) {
      return;
    }
    Path target = Path.of(publication.target());
    mounts.unmount(target);
    Files.deleteIfExists(target);
    ledger.put(key, entry.without(uid));
  }

  @Override
  public void tidy() throws InterruptedException {
    for (String key : ledger.keys()) {
      LedgerEntry seen = ledger.find(key);
      if (seen != null && seen.publications().isEmpty() && retries.isDue(key)) {
        try (KeyedLock.Turn _ = locks.take(disk(seen).iqn())) {
          unstageUnused(key);
        }
      }
    }
  }

  /// That a disk cannot be let go of does not hold up the Pod that had it: it is tried again.
  private void unstageUnused(String key) throws InterruptedException {
    LedgerEntry entry = ledger.find(key);
    if (entry == null || !entry.publications().isEmpty()) {
      return;
    }
    IscsiDisk disk = disk(entry);
    try {
      unstage(key, entry, disk);
      retries.succeeded(key);
    } catch (IOException e) {
      Interrupts.check();
      retries.failed(key);
      LOG.log(
          Level.WARNING,
          "a disk was not let go of: target={0} lun={1} {2}",
          disk.iqn(),
          disk.lun(),
          e.getMessage());
    }
  }

  private void unstage(String key, LedgerEntry entry, IscsiDisk disk)
      throws IOException, InterruptedException {
    if (!entry.staging().isEmpty()) {
      Path staging = Path.of(entry.staging());
      mounts.unmount(staging);
      if (Files.exists(staging, LinkOption.NOFOLLOW_LINKS)) {
        Files.delete(staging); // Only an empty place is taken away.
      }
    }
    if (entry.staged() != Progress.NONE) {
      ledger.put(key, entry.withStaged(Progress.UNKNOWN));
      initiator.detach(disk, disk.portals().stream().filter(at -> isAlone(key, disk, at)).toList());
    }
    ledger.remove(key);
  }

  /// Whether no other disk is reached through the session with a portal.
  private boolean isAlone(String key, IscsiDisk disk, String portal) {
    return ledger.keys().stream()
        .filter(other -> !other.equals(key))
        .map(ledger::find)
        .noneMatch(other -> other != null && disk.sharesSession(disk(other), portal));
  }

  @Override
  public Set<String> users() {
    Set<String> uids = new TreeSet<>();
    ledger.all().forEach(entry -> uids.addAll(entry.publications().keySet()));
    return uids;
  }
}
