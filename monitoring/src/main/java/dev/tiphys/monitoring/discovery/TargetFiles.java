package dev.tiphys.monitoring.discovery;

import dev.tiphys.client.ApiResource;
import dev.tiphys.client.Informer;
import dev.tiphys.client.Informers;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.world.Gate;
import dev.tiphys.world.SupervisedTask;
import dev.tiphys.world.World;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
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

  private final World world;
  private final ClusterView cluster;
  private final Gate changed;
  private final Object lock = new Object();
  private final Map<Path, Kept> files = new HashMap<>(); // guarded by lock
  private final Map<String, Set<ObjectKey>> changes = new HashMap<>(); // by role; guarded by lock
  private final SupervisedTask task;

  private record Kept(ObjectKey owner, Search search, Findings findings) {}

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
      gone.forEach(this::remove);
      wanted.forEach(
          (file, search) -> {
            if (!files.containsKey(file)) {
              Kept kept = new Kept(owner, search, new Findings(cluster, search));
              write(file, kept.findings().file());
              files.put(file, kept);
            }
          });
    }
  }

  private void remove(Path file) {
    files.remove(file);
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void run() throws InterruptedException {
    while (true) {
      changed.await();
      world.sleep(PAUSE);
      synchronized (lock) {
        Map<String, Set<ObjectKey>> news = new HashMap<>(changes);
        changes.clear();
        files.forEach((file, kept) -> update(file, kept, news));
      }
    }
  }

  private void update(Path file, Kept kept, Map<String, Set<ObjectKey>> news) {
    boolean differs = false;
    for (ObjectKey each : concerned(kept.search(), news)) {
      differs |= kept.findings().look(each);
    }
    if (differs) {
      try {
        write(file, kept.findings().file());
      } catch (UncheckedIOException e) {
        LOG.log(Level.WARNING, "targets are not written: file=" + file, e);
      }
    }
  }

  private List<ObjectKey> concerned(Search search, Map<String, Set<ObjectKey>> news) {
    String role = search.ofEndpoints() ? "service" : search.role();
    List<ObjectKey> all = new ArrayList<>(news.getOrDefault(role, Set.of()));
    if (search.ofEndpoints()) {
      news.getOrDefault("pod", Set.of()).forEach(each -> all.addAll(cluster.servicesOf(each)));
    }
    return all;
  }

  private static void write(Path file, byte[] content) {
    try {
      Path parent = Objects.requireNonNull(file.getParent());
      Files.createDirectories(parent);
      Path written = parent.resolve(file.getFileName() + ".new");
      Files.write(written, content);
      Files.move(
          written, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    task.close();
  }
}
