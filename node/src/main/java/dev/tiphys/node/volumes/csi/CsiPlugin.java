package dev.tiphys.node.volumes.csi;

import dev.tiphys.csi.Csi.NodeServiceCapability.RPC;
import dev.tiphys.grpc.GrpcException;
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
import dev.tiphys.node.volumes.usage.DriverUsage;
import dev.tiphys.node.volumes.usage.VolumeMetrics;
import dev.tiphys.object.Struct;
import dev.tiphys.world.KeyedLock;
import dev.tiphys.world.World;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// Volumes of storage drivers.
///
/// A volume is staged once on a node, published for each Pod that wants it, and unstaged when none
/// does any more. Each step is written to the [Ledger] before it is begun and when it is done: what
/// was begun and is not known to be done is begun anew, or taken back, as if it were half there.
/// Drivers must bear that.
///
/// Threads: any; one volume is worked on by one at a time.
public final class CsiPlugin implements VolumePlugin {
  private static final System.Logger LOG = System.getLogger(CsiPlugin.class.getName());

  private final CsiDrivers drivers;
  private final CsiObjects objects;
  private final CsiCalls calls;
  private final CsiExpansion expansion;
  private final CsiPaths paths;
  private final Mounts mounts;
  private final Ledger ledger;
  private final VolumesInUse inUse;
  private final KeyedLock locks;
  private final Retries retries;
  private final VolumeMetrics metrics;

  /// @param objects what the API says that drivers are to be told
  public CsiPlugin(
      World world,
      CsiDrivers drivers,
      CsiObjects objects,
      CsiExpansion expansion,
      PodDirectories directories,
      Mounts mounts,
      VolumeMetrics metrics) {
    this.drivers = drivers;
    this.objects = objects;
    this.expansion = expansion;
    this.paths = new CsiPaths(directories);
    this.calls = new CsiCalls(objects, paths);
    this.mounts = mounts;
    this.ledger = new Ledger(directories.ledger());
    this.inUse = new VolumesInUse(ledger);
    this.locks = new KeyedLock(world);
    this.retries = new Retries(world);
    this.metrics = metrics;
  }

  @Override
  public void start() throws IOException {
    int unreadable = ledger.load(mounts);
    metrics.reconstructed(ledger.keys().size() + unreadable, unreadable);
  }

  @Override
  public boolean handles(Struct source) {
    return source.has("csi");
  }

  @Override
  public String name(Struct source) {
    return name(source.string("csi", "driver"));
  }

  private static String name(String driver) {
    return "kubernetes.io/csi:" + driver;
  }

  @Override
  public Path prepare(VolumeRequest request)
      throws VolumeFailure, IOException, InterruptedException {
    CsiSource source = CsiSource.of(request);
    String key = Ledger.key(source.driver(), source.handle());
    try (KeyedLock.Turn _ = locks.take(key)) {
      return prepare(source, key);
    }
  }

  private Path prepare(CsiSource source, String key)
      throws VolumeFailure, IOException, InterruptedException {
    String uid = source.request().pod().uid();
    Struct driver = objects.driver(source.driver());
    LedgerEntry entry = wanted(source, driver, key, uid);
    boolean published = entry.published(uid) == Progress.DONE;
    if (!published && entry.attached() && !inUse.isTold(entry)) {
      throw VolumeFailure.waiting(
          "the status of the node does not have the volume in volumesInUse yet");
    }
    if (!published || driver.bool("requiresRepublish") || expansion.isDue(source)) {
      PluginEndpoint endpoint = endpoint(source);
      Set<RPC.Type> abilities = abilities(source, endpoint);
      CsiCalls.Use use =
          new CsiCalls.Use(source, driver, endpoint, abilities, context(source, driver));
      if (!published) {
        stage(use, key);
      }
      if (!published || driver.bool("requiresRepublish")) {
        publish(use, key, uid, published);
      }
      expansion.expand(use, paths);
    }
    return Path.of(target(source, uid));
  }

  private String target(CsiSource source, String uid) {
    return paths.target(uid, source.request().name(), source.request().block()).toString();
  }

  /// The volume in the ledger, with the Pod among those that want it.
  private LedgerEntry wanted(CsiSource source, Struct driver, String key, String uid)
      throws VolumeFailure, IOException {
    String name = source.request().name();
    checkMode(source, driver);
    LedgerEntry entry = ledger.find(key);
    if (entry == null) {
      boolean block = source.request().block();
      entry =
          new LedgerEntry(
              source.driver(),
              source.handle(),
              name,
              block,
              !source.inline() && CsiObjects.attaches(driver),
              source.inline()
                  ? ""
                  : paths.staging(source.driver(), source.handle(), name, block).toString(),
              Progress.NONE,
              Map.of());
      inUse.begin(entry);
    }
    boolean others = entry.publications().keySet().stream().anyMatch(other -> !other.equals(uid));
    if (others && source.accessModes().contains("ReadWriteOncePod")) {
      throw new VolumeFailure(
          "volume uses the ReadWriteOncePod access mode and is already in use by another pod");
    }
    if (!entry.publications().containsKey(uid)) {
      entry = entry.with(uid, new Publication(target(source, uid), Progress.NONE));
      ledger.put(key, entry);
    }
    return entry;
  }

  /// A driver has to say that it wants to be asked for volumes that live with a Pod.
  private static void checkMode(CsiSource source, Struct driver) throws VolumeFailure {
    List<String> modes = driver.strings("volumeLifecycleModes");
    String mode = source.inline() ? "Ephemeral" : "Persistent";
    if (modes.isEmpty() ? source.inline() : !modes.contains(mode)) {
      throw new VolumeFailure(
          ("kubernetes.io/csi: mounter.SetupAt failed to check volume lifecycle mode: volume mode"
                  + " \"%s\" not supported by driver %s (%s)")
              .formatted(
                  mode,
                  source.driver(),
                  driver.isEmpty()
                      ? "no CSIDriver object"
                      : "only supports [\"" + String.join("\" \"", modes) + "\"]"));
    }
  }

  private PluginEndpoint endpoint(CsiSource source) throws VolumeFailure {
    PluginEndpoint endpoint = drivers.find(source.driver());
    if (endpoint == null) {
      String missing = CsiDrivers.missing(source.driver());
      throw source.inline()
          ? new VolumeFailure(
              "kubernetes.io/csi: mounter.SetUpAt failed to get CSI client: " + missing)
          : device(
              source,
              "kubernetes.io/csi: attacher.MountDevice failed to create newCsiDriverClient: "
                  + missing);
    }
    return endpoint;
  }

  /// A failure on the way to the volume as the node has it, not yet the Pod.
  private static VolumeFailure device(CsiSource source, String message) {
    String step = source.request().block() ? "MapVolume.SetUpDevice" : "MountVolume.MountDevice";
    return VolumeFailure.at(step, source.request().name(), message);
  }

  private static Set<RPC.Type> abilities(CsiSource source, PluginEndpoint endpoint)
      throws VolumeFailure, InterruptedException {
    try {
      return CsiDrivers.abilities(endpoint);
    } catch (GrpcException e) {
      throw device(source, String.valueOf(e.getMessage()));
    }
  }

  private Map<String, String> context(CsiSource source, Struct driver) throws VolumeFailure {
    return source.inline() || !CsiObjects.attaches(driver)
        ? Map.of()
        : objects.attached(source.driver(), source.handle());
  }

  private void stage(CsiCalls.Use use, String key)
      throws VolumeFailure, IOException, InterruptedException {
    LedgerEntry entry = entry(key);
    boolean stages = use.abilities().contains(RPC.Type.STAGE_UNSTAGE_VOLUME);
    if (use.source().inline() || !stages || entry.staged() == Progress.DONE) {
      return;
    }
    ledger.put(key, entry.withStaged(Progress.UNKNOWN));
    try {
      calls.stage(use, Path.of(entry.staging()));
    } catch (GrpcException e) {
      throw device(use.source(), String.valueOf(e.getMessage()));
    } catch (VolumeFailure e) {
      throw device(use.source(), e.message());
    }
    ledger.put(key, entry(key).withStaged(Progress.DONE));
  }

  private void publish(CsiCalls.Use use, String key, String uid, boolean again)
      throws VolumeFailure, IOException, InterruptedException {
    LedgerEntry entry = entry(key);
    String target = target(use.source(), uid);
    if (!again) {
      ledger.put(key, entry.with(uid, new Publication(target, Progress.UNKNOWN)));
    }
    try {
      boolean staged = entry.staged() == Progress.DONE;
      calls.publish(use, staged ? entry.staging() : "", Path.of(target));
    } catch (GrpcException e) {
      String message = String.valueOf(e.getMessage());
      throw use.source().request().block()
          ? VolumeFailure.at("MapVolume.MapPodDevice", use.source().request().name(), message)
          : new VolumeFailure(message);
    }
    if (!again) {
      share(use, Path.of(target));
      ledger.put(key, entry(key).with(uid, new Publication(target, Progress.DONE)));
    }
  }

  private static void share(CsiCalls.Use use, Path target)
      throws VolumeFailure, InterruptedException {
    String policy = use.driver().string("fsGroupPolicy");
    if (!use.abilities().contains(RPC.Type.VOLUME_MOUNT_GROUP)
        && use.source().sharesFiles(policy)) {
      try {
        FileTree.share(target, use.source().request().pod(), false);
      } catch (IOException e) {
        Interrupts.check();
        throw new VolumeFailure(
            "applyFSGroup failed for vol %s: %s".formatted(use.source().handle(), e));
      }
    }
  }

  private LedgerEntry entry(String key) {
    LedgerEntry entry = ledger.find(key);
    if (entry == null) {
      throw new IllegalStateException("a volume in use is not in the ledger");
    }
    return entry;
  }

  /// Unpublishes what a Pod has, and unstages what nothing else has published. That it cannot be
  /// unstaged does not hold the Pod up.
  @Override
  public void release(String uid) throws IOException, InterruptedException {
    for (String key : ledger.keys()) {
      LedgerEntry seen = ledger.find(key);
      if (seen != null && seen.publications().containsKey(uid)) {
        try (KeyedLock.Turn _ = locks.take(key)) {
          unpublish(key, uid);
          unstageUnused(key);
        }
      }
    }
  }

  private void unpublish(String key, String uid) throws IOException, InterruptedException {
    LedgerEntry entry = ledger.find(key);
    Publication publication = entry == null ? null : entry.publications().get(uid);
    if (entry == null || publication == null) {
      return;
    }
    Path target = Path.of(publication.target());
    if (publication.progress() != Progress.NONE) {
      ledger.put(key, entry.with(uid, new Publication(publication.target(), Progress.UNKNOWN)));
      PluginEndpoint endpoint = drivers.find(entry.driver());
      if (endpoint == null) {
        throw new IOException(
            "kubernetes.io/csi: Unmounter.TearDownAt failed to get CSI client: "
                + CsiDrivers.missing(entry.driver()));
      }
      try {
        calls.unpublish(endpoint, entry.handle(), target);
      } catch (GrpcException e) {
        throw new IOException(
            "kubernetes.io/csi: Unmounter.TearDownAt failed: " + e.getMessage(), e);
      }
    }
    removeTarget(target, entry, uid);
    ledger.put(key, entry(key).without(uid));
  }

  /// Only what is empty: files that are left in the place of a mount are not thrown away.
  private void removeTarget(Path target, LedgerEntry entry, String uid)
      throws IOException, InterruptedException {
    mounts.unmount(target); // Drivers are not always as good as their word.
    Files.deleteIfExists(target);
    if (entry.block()) {
      Files.deleteIfExists(paths.link(uid, entry.name()));
      deleteIfEmpty(target.resolveSibling(""));
    } else {
      Files.deleteIfExists(target.resolveSibling(CsiPaths.DATA));
      Files.deleteIfExists(target.resolveSibling(""));
    }
  }

  /// Unstages all volumes that nothing uses. What cannot be is tried again, less and less often.
  @Override
  public void tidy() throws InterruptedException {
    for (String key : ledger.keys()) {
      LedgerEntry seen = ledger.find(key);
      if (seen != null && seen.publications().isEmpty() && retries.isDue(key)) {
        try (KeyedLock.Turn _ = locks.take(key)) {
          unstageUnused(key);
        }
      }
    }
  }

  private void unstageUnused(String key) throws InterruptedException {
    LedgerEntry entry = ledger.find(key);
    if (entry == null || !entry.publications().isEmpty()) {
      return;
    }
    String step = entry.block() ? "unmap_device" : "unmount_device";
    VolumeMetrics.Operation operation = metrics.begin(name(entry.driver()), step);
    try {
      unstage(key, entry);
      operation.ended(true);
      retries.succeeded(key);
    } catch (GrpcException | IOException e) {
      operation.ended(false);
      retries.failed(key);
      LOG.log(
          Level.WARNING,
          "a volume was not unstaged: volume={0} driver={1} {2}",
          entry.name(),
          entry.driver(),
          e.getMessage());
    }
  }

  private void unstage(String key, LedgerEntry entry) throws IOException, InterruptedException {
    if (!entry.staging().isEmpty()) {
      Path staging = Path.of(entry.staging());
      if (entry.staged() != Progress.NONE) {
        ledger.put(key, entry.withStaged(Progress.UNKNOWN));
        PluginEndpoint endpoint = drivers.find(entry.driver());
        if (endpoint == null) {
          throw new IOException(CsiDrivers.missing(entry.driver()));
        }
        calls.unstage(endpoint, entry.handle(), staging);
      }
      mounts.unmount(staging);
      if (Files.exists(staging, LinkOption.NOFOLLOW_LINKS)) {
        PodDirectories.removeTree(staging);
      }
      Path data = paths.stagingData(staging, entry.name(), entry.block());
      Files.deleteIfExists(data.resolve(CsiPaths.DATA));
      deleteIfEmpty(data);
    }
    ledger.remove(key);
  }

  private static void deleteIfEmpty(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return;
    }
    try (var entries = Files.list(directory)) {
      if (entries.findAny().isPresent()) {
        return;
      }
    }
    Files.deleteIfExists(directory);
  }

  /// What the drivers say of their volumes.
  ///
  /// @param watchesHealth whether to pass on what they say of the condition of volumes
  public DriverUsage usage(boolean watchesHealth) {
    return new CsiUsage(drivers, ledger, watchesHealth);
  }

  @Override
  public Set<String> users() {
    Set<String> uids = new TreeSet<>();
    ledger.all().forEach(entry -> uids.addAll(entry.publications().keySet()));
    return uids;
  }

  /// The attached volumes that must not be detached yet.
  public VolumesInUse inUse() {
    return inUse;
  }
}
