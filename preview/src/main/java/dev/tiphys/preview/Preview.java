package dev.tiphys.preview;

import dev.tiphys.object.Struct;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;

/// Says what would happen to a cluster if something were applied to it, or deleted from it.
///
/// The cluster's copy is run twice: as it is, to know what would happen anyway, and with the
/// changes.
public final class Preview {

  /// How long a copy goes on before anything is changed: what was on its way gets done.
  private static final Duration LEAD = Duration.ofMinutes(1);

  private Preview() {}

  /// What would happen, as a tree: see [Report].
  ///
  /// Threads: drives a virtual world on the caller's.
  public static Struct of(ClusterCopy copy, PreviewRequest request) throws InterruptedException {
    Set<String> anyway = new TreeSet<>();
    try (Fork fork = new Fork(copy, request.now(), request.scheduler());
        Observations seen = run(fork, request.changingNothing(), new Changes(fork, ""))) {
      seen.stories().stream()
          .filter(story -> story.isNew() || story.isLost())
          .forEach(story -> anyway.add(story.namespace() + "/" + story.owner()));
    }
    try (Fork fork = new Fork(copy, request.now(), request.scheduler())) {
      Changes changes = new Changes(fork, request.namespace());
      try (Observations seen = run(fork, request, changes)) {
        return new Report(copy, fork, seen, anyway).tree(changes, request.span());
      }
    }
  }

  private static Observations run(Fork fork, PreviewRequest request, Changes changes) {
    changes.prepare(request.manifests());
    Observations seen = new Observations(fork);
    fork.start();
    seen.start();
    fork.world().advance(LEAD);
    seen.begin();
    if (request.delete()) {
      changes.delete(request.manifests());
    } else {
      changes.apply(request.manifests());
    }
    fork.world().advance(request.span());
    return seen;
  }
}
