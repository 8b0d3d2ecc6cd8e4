package dev.tiphys.scheduler.plugins.devices.allocation;

import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// All devices that there are, by pool. What a node may get of them is kept until one of them, or
/// the node, changes.
///
/// Threads: one.
public final class Inventory {

  /// Those without conditions to be waited for come first.
  private static final Comparator<Pool> ORDER =
      Comparator.comparing(Pool::isBinding).thenComparing(Pool::id, PoolId.ORDER);

  private final Map<String, Slice> slices = new HashMap<>();
  private final Map<PoolId, Map<String, Slice>> byPool = new HashMap<>();
  private final Map<PoolId, Pool> pools = new HashMap<>();

  /// The pools that have slices for one node only, by the names of nodes.
  private final Map<String, Set<PoolId>> local = new HashMap<>();

  /// The pools that have other slices.
  private final Set<PoolId> wide = new HashSet<>();

  /// By the names of nodes.
  private final Map<String, Near> near = new HashMap<>();

  /// The pools that a node may get devices of.
  private record Near(Site site, List<Stock> stocks) {}

  /// What a node may get of a pool.
  record Stock(Pool pool, List<Device> devices) {}

  /// Takes note of a ResourceSlice.
  public void put(Struct slice) {
    remove(Meta.of(slice).name());
    Slice parsed = Slice.of(slice);
    slices.put(parsed.name(), parsed);
    byPool.computeIfAbsent(parsed.pool(), _ -> new HashMap<>()).put(parsed.name(), parsed);
    if (parsed.isLocal()) {
      local.computeIfAbsent(parsed.reach().node(), _ -> new HashSet<>()).add(parsed.pool());
    }
    changed(parsed);
  }

  /// Takes note that a ResourceSlice is gone.
  public void remove(String name) {
    Slice known = slices.remove(name);
    if (known != null) {
      changed(known);
      byPool.computeIfPresent(known.pool(), (_, all) -> without(all, name));
      forgetPlace(known);
    }
  }

  private void forgetPlace(Slice gone) {
    String node = gone.reach().node();
    boolean others =
        byPool.getOrDefault(gone.pool(), Map.of()).values().stream()
            .anyMatch(slice -> slice.isLocal() && slice.reach().node().equals(node));
    if (gone.isLocal() && !others) {
      local.computeIfPresent(
          node,
          (_, pools) -> {
            pools.remove(gone.pool());
            return pools.isEmpty() ? null : pools;
          });
    }
    if (!byPool.containsKey(gone.pool())) {
      wide.remove(gone.pool());
    }
  }

  private static @Nullable Map<String, Slice> without(Map<String, Slice> all, String name) {
    all.remove(name);
    return all.isEmpty() ? null : all;
  }

  /// Forgets what is kept of a slice's pool, and of the nodes that its slices reach.
  private void changed(Slice slice) {
    pools.remove(slice.pool());
    Collection<Slice> all = byPool.getOrDefault(slice.pool(), Map.of()).values();
    if (all.stream().allMatch(Slice::isLocal)) {
      wide.remove(slice.pool());
      all.forEach(each -> near.remove(each.reach().node()));
    } else {
      wide.add(slice.pool());
      near.clear();
    }
  }

  /// What a node may get, in the order in which it is tried.
  List<Stock> near(Site site) {
    Near known = near.get(site.name());
    if (known == null || !known.site.equals(site)) {
      known = new Near(site, stocks(site));
      if (known.stocks.isEmpty()) {
        near.remove(site.name()); // Most nodes have no devices, and some are gone.
      } else {
        near.put(site.name(), known);
      }
    }
    return known.stocks;
  }

  private List<Stock> stocks(Site site) {
    Set<PoolId> candidates = new HashSet<>(wide);
    candidates.addAll(local.getOrDefault(site.name(), Set.of()));
    List<Pool> reached = new ArrayList<>();
    for (PoolId id : candidates) {
      Pool pool = pool(id);
      if (pool != null && pool.reaches(site)) {
        reached.add(pool);
      }
    }
    reached.sort(ORDER);
    return reached.stream().map(pool -> new Stock(pool, pool.devicesOn(site))).toList();
  }

  private @Nullable Pool pool(PoolId id) {
    Pool known = pools.get(id);
    Map<String, Slice> all = byPool.get(id);
    if (known == null && all != null) {
      known = new Pool(id, List.copyOf(all.values()));
      pools.put(id, known);
    }
    return known;
  }
}
