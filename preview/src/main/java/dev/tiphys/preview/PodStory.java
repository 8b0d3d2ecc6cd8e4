package dev.tiphys.preview;

import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.api.Meta;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What happens to one Pod during a preview. Times count from its beginning.
///
/// Threads: one.
final class PodStory {

  private final Struct first;
  private final Supplier<String> owner;
  private final boolean early;
  private boolean readyBefore;
  private @Nullable Duration created;
  private @Nullable Duration ready;
  private @Nullable Duration gone;
  private Struct disruption = Struct.EMPTY;

  /// @param owner finds what it belongs to in the end
  /// @param early whether it was there before the preview
  PodStory(Struct first, Supplier<String> owner, boolean early) {
    this.first = first;
    this.owner = owner;
    this.early = early;
  }

  /// What it belongs to in the end: `deployments.apps/web`; its own name if nothing.
  String owner() {
    return owner.get();
  }

  String namespace() {
    return Meta.of(first).namespace();
  }

  String name() {
    return Meta.of(first).name();
  }

  boolean isNew() {
    return created != null;
  }

  /// Whether it was there before, and is gone or going.
  boolean isLost() {
    return early && gone != null;
  }

  /// Whether it came and stays.
  boolean isGained() {
    return isNew() && gone == null;
  }

  /// Whether it had to wait before, and does not any more.
  boolean isFreed() {
    return early && gone == null && waited() && ready != null;
  }

  /// Whether it did not run when the preview began.
  boolean waited() {
    return early && !readyBefore;
  }

  /// Notes how it stands when the preview begins.
  void begin(boolean isReady) {
    readyBefore = isReady;
  }

  void created(Duration at) {
    created = at;
  }

  void ready(Duration at) {
    if (ready == null) {
      ready = at;
    }
  }

  /// Notes that it is deleted, and for what reason if it says so.
  void ends(Struct pod, Duration at) {
    if (gone == null) {
      gone = at;
      Struct target = Meta.condition(pod, "DisruptionTarget");
      disruption = target == null ? Struct.EMPTY : target;
    }
  }

  /// Whether something else than its own workload put an end to it: `reason` and `message`.
  Struct disruption() {
    return disruption;
  }

  Struct tree() {
    StructBuilder tree =
        new StructBuilder().add("namespace", namespace()).add("name", name()).add("owner", owner());
    add(tree, "created", created);
    add(tree, "ready", ready);
    add(tree, "deleted", gone);
    return tree.build();
  }

  private static void add(StructBuilder tree, String name, @Nullable Duration at) {
    if (at != null) {
      tree.add(name, Spans.text(at));
    }
  }
}
