package dev.tiphys.scheduler.decisions;

import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.Timestamps;
import dev.tiphys.scheduler.verdict.Rejection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What was worked out about a Pod that fits nowhere, once there was time: what those filters say
/// that the try did not ask, and the smallest change.
///
/// Threads: the scheduling task.
public final class Afterthought {

  private static final int BY_PLUGIN = 40;

  private final Instant time;
  private final boolean changed;
  private final Optional<SmallestChange> change;
  private @Nullable Verdicts verdicts;

  /// What a plugin says of the nodes.
  ///
  /// @param rejections by slot; null where it has nothing against a node
  public record ByPlugin(String plugin, Column<@Nullable Object[]> rejections) {}

  /// What all plugins say that have something against a node.
  private static final class Verdicts extends Shared {
    private final int size;
    private final Column<@Nullable Object[]> names;
    private final List<ByPlugin> plugins;

    Verdicts(int size, Column<@Nullable Object[]> names, List<ByPlugin> plugins) {
      super((long) BY_PLUGIN * plugins.size(), parts(names, plugins));
      this.size = size;
      this.names = names;
      this.plugins = List.copyOf(plugins);
    }

    private static List<Shared> parts(Column<@Nullable Object[]> names, List<ByPlugin> plugins) {
      List<Shared> parts = new ArrayList<>();
      parts.add(names);
      plugins.forEach(each -> parts.add(each.rejections));
      return parts;
    }

    List<Struct> tree() {
      List<Struct> nodes = new ArrayList<>();
      for (int slot = 0; slot < size; slot++) {
        if (names.around(slot)[Column.place(slot)] instanceof String name) {
          nodes.add(Struct.of("name", name, "filters", filters(slot)));
        }
      }
      return nodes;
    }

    private List<Struct> filters(int slot) {
      List<Struct> filters = new ArrayList<>();
      for (ByPlugin each : plugins) {
        if (each.rejections.around(slot)[Column.place(slot)] instanceof Rejection rejection) {
          filters.add(rejection.tree());
        }
      }
      return filters;
    }
  }

  /// @param changed whether something of the cluster had changed since the try
  /// @param change absent if no change is known that would do, or if the Pod fits by now
  /// @param size how many slots there are
  /// @param names of the nodes, by their slots
  public Afterthought(
      Instant time,
      boolean changed,
      Optional<SmallestChange> change,
      int size,
      Column<@Nullable Object[]> names,
      List<ByPlugin> plugins) {
    this.time = time;
    this.changed = changed;
    this.change = change;
    this.verdicts = new Verdicts(size, names, plugins);
  }

  /// @return by how many bytes more is held now
  long hold() {
    return verdicts == null ? 0 : verdicts.hold();
  }

  /// Drops all but the smallest change.
  ///
  /// @return by how many bytes less is held now
  long thin() {
    Verdicts dropped = verdicts;
    verdicts = null;
    return dropped == null ? 0 : dropped.release();
  }

  /// As JSON has it.
  Struct tree() {
    StructBuilder tree =
        new StructBuilder().add("time", Timestamps.micros(time)).add("clusterChanged", changed);
    Verdicts known = verdicts;
    if (known != null) {
      tree.add("nodes", known.tree());
    }
    change.ifPresent(each -> tree.add("smallestChange", each.tree()));
    return tree.build();
  }
}
