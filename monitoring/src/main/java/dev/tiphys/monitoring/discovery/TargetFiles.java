package dev.tiphys.monitoring.discovery;

import dev.tiphys.client.ApiResource;
import dev.tiphys.client.Informer;
import dev.tiphys.client.Informers;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.world.Gate;
import dev.tiphys.world.SupervisedTask;
import dev.tiphys.world.World;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;

/// Keeps files with the targets that searches find, for as long as they are wanted. Prometheus
/// watches them, so that what is new is scraped at once.
///
/// Threads: any.
public final class TargetFiles implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(TargetFiles.class.getName());

  /// Changes come in bursts.
  private static final Duration PAUSE = Duration.ofMillis(200);

  /// Until a file that could not be written is tried again: a disk may be full for a while.
  private static final Duration RETRY = Duration.ofSeconds(5);

  private final World world;
  private final ClusterView cluster;
  private final Gate changed;
  private final Object lock = new Object();
  private final Map<Path, Kept> files = new HashMap<>(); // guarded by lock
  private final Map<String, Set<ObjectKey>> changes = new HashMap<>(); // by role; guarded by lock
  private final SupervisedTask task;

  private record Kept(ObjectKey owner, TargetFile file) {}

  /// @param informers of the cluster's objects; not started yet
  public TargetFiles(World world, Informers informers) {
    this.world = world.background();
    this.changed = this.world.gate();
    this.cluster = new ClusterView(informers);
    listen(ApiResource.SERVICES, each -> note("service", ObjectKey.of(each)));
    listen(ApiResource.ENDPOINT_SLICES, each -> note("service", ClusterView.serviceOf(each)));
    listen(ApiResource.PODS, each -> note("pod", ObjectKey.of(each)));
    listen(ApiResource.NODES, each -> note("node", ObjectKey.of(each)));
    listen(ApiResource.INGRESSES, each -> note("ingress", ObjectKey.of(each)));
    this.task = world.supervisor().start("targets", this::run);
  }

  private void listen(ApiResource resource, Consumer<Struct> listener) {
    cluster.of(resource).listen(Informer.Listener.ofAll(listener));
  }

  private void note(String role, ObjectKey key) {
    synchronized (lock) {
      if (files.isEmpty()) {
        return;
      }
      changes.computeIfAbsent(role, _ -> new HashSet<>()).add(key);
    }
    changed.open();
  }

  /// Has exactly these files kept for an owner. Those that are new are there when this returns.
  public void keep(ObjectKey owner, Map<Path, Search> wanted) {
    synchronized (lock) {
      List<Path> gone =
          files.entrySet().stream()
              .filter(each -> each.getValue().owner().equals(owner))
              .map(Map.Entry::getKey)
              .filter(each -> !wanted.containsKey(each))
              .toList();
      gone.forEach(each -> Objects.requireNonNull(files.remove(each)).file().delete());
      wanted.forEach(
          (place, search) -> {
            if (!files.containsKey(place)) {
              TargetFile file = new TargetFile(cluster, place, search);
              file.write();
              files.put(place, new Kept(owner, file));
            }
          });
    }
  }

  private void run() throws InterruptedException {
    boolean written = true;
    while (true) {
      if (written) {
        changed.await();
      } else {
        changed.await(RETRY);
      }
      world.sleep(PAUSE);
      written = update();
    }
  }

  /// Returns whether all files have what they should.
  private boolean update() {
    synchronized (lock) {
      Map<String, Set<ObjectKey>> news = new HashMap<>(changes);
      changes.clear();
      boolean written = true;
      for (Map.Entry<Path, Kept> each : files.entrySet()) {
        each.getValue().file().look(news);
        try {
          each.getValue().file().write();
        } catch (UncheckedIOException e) {
          LOG.log(Level.WARNING, "targets are not written: file=" + each.getKey(), e);
          written = false;
        }
      }
      return written;
    }
  }

  @Override
  public void close() {
    task.close();
  }
}
