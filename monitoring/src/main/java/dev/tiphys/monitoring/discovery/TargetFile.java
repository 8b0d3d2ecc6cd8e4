package dev.tiphys.monitoring.discovery;

import dev.tiphys.object.api.ObjectKey;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/// A file with the targets that a search finds.
///
/// Threads: one at a time.
public final class TargetFile {

  private static final int BUFFER = 64 << 10;

  private final ClusterView cluster;
  private final Path place;
  private final Search search;
  private final Findings findings;
  private boolean outdated = true;

  /// Looks at all that is there. Nothing is written yet.
  public TargetFile(ClusterView cluster, Path place, Search search) {
    this.cluster = cluster;
    this.place = place;
    this.search = search;
    this.findings = new Findings(cluster, search);
  }

  /// Looks at what has changed.
  ///
  /// @param news the keys of objects, by the role that finds them
  public void look(Map<String, Set<ObjectKey>> news) {
    for (ObjectKey each : concerned(news)) {
      outdated |= findings.look(each);
    }
  }

  /// The objects that targets are found at, and that something is told otherwise of.
  private Set<ObjectKey> concerned(Map<String, Set<ObjectKey>> news) {
    Set<ObjectKey> pods = new HashSet<>(news.getOrDefault("pod", Set.of()));
    if (search.attachesNodes()) {
      news.getOrDefault("node", Set.of()).forEach(each -> pods.addAll(cluster.podsOn(each.name())));
    }
    if (search.role().equals("pod")) {
      return pods;
    }
    String role = search.ofEndpoints() ? "service" : search.role();
    Set<ObjectKey> all = new HashSet<>(news.getOrDefault(role, Set.of()));
    if (search.ofEndpoints()) {
      pods.forEach(each -> all.addAll(cluster.servicesOf(each)));
    }
    return all;
  }

  /// Writes it in one step, if something else is found than it has.
  ///
  /// @throws UncheckedIOException if it cannot be written; what it should have is kept
  public void write() {
    if (!outdated) {
      return;
    }
    try {
      Path parent = Objects.requireNonNull(place.getParent());
      Files.createDirectories(parent);
      Path written = parent.resolve(place.getFileName() + ".new");
      try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(written), BUFFER)) {
        findings.write(out);
      }
      Files.move(
          written, place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      outdated = false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Removes it.
  void delete() {
    try {
      Files.deleteIfExists(place);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
