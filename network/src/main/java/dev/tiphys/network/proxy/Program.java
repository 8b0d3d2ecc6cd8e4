package dev.tiphys.network.proxy;

import dev.tiphys.network.Prefix;
import dev.tiphys.network.netlink.NetlinkSocket;
import dev.tiphys.network.nftables.Element;
import dev.tiphys.network.nftables.Family;
import dev.tiphys.network.nftables.NftablesException;
import dev.tiphys.network.nftables.Table;
import dev.tiphys.network.nftables.Tables;
import dev.tiphys.network.nftables.Watch;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The rules of one family as they are in the kernel, and how they come to be as plans say.
///
/// Cost of a change: what differs between the old plan of a port and the new one, in one
/// transaction for all ports that change together. What the kernel refuses does not keep the rest
/// from it: the port is found, and left as it was.
///
/// Threads: one.
final class Program {
  private final Table table;
  private final ProxySettings settings;
  private final NetlinkSocket socket;
  private Map<String, Plan> plans = new HashMap<>();
  private Claims claims = new Claims();
  private final Watch watch;
  private int common; // rules that no port has

  Program(Family family, ProxySettings settings, NetlinkSocket socket) {
    this.table = new Table(family, settings.network().table("proxy"));
    this.settings = settings;
    this.socket = socket;
    this.watch = new Watch(table, socket);
  }

  /// Makes the table anew with what these plans say, in place of what was there. Clients that were
  /// known there are known still.
  ///
  /// @param serviceRanges where Services have their addresses from
  /// @return the ports that the kernel refuses, and why
  /// @throws IOException if the kernel refuses what all of them need; then all is as it was
  Map<String, String> rebuild(Map<String, Plan> wanted, List<Prefix> serviceRanges)
      throws IOException {
    Layout layout = new Layout(table, settings, serviceRanges);
    Map<String, List<Element>> memories = new HashMap<>();
    for (Plan plan : wanted.values()) {
      for (String memory : plan.memories()) {
        memories.put(memory, Tables.elements(table, Draft.memory(table, memory), socket));
      }
    }
    return commit(
        wanted,
        some -> {
          Draft draft = new Draft(table, Map.of(), new Claims(), memories);
          layout.write(draft.transaction());
          common = draft.transaction().rules();
          return draft.write(some);
        });
  }

  /// Changes some plans, and leaves the others.
  ///
  /// @param wanted the new ones by port; [Plan#NOTHING] for a port that is to go
  /// @return the ports that the kernel refuses, and why
  /// @throws IOException if the kernel takes no change; then the rules are as they were
  Map<String, String> change(Map<String, Plan> wanted) throws IOException {
    Map<String, Plan> different = new HashMap<>(wanted);
    different
        .entrySet()
        .removeIf(one -> one.getValue().equals(plans.getOrDefault(one.getKey(), Plan.NOTHING)));
    if (different.isEmpty()) {
      return Map.of();
    }
    return commit(different, some -> new Draft(table, plans, claims, Map.of()).write(some));
  }

  private interface Drafts {
    Draft of(Map<String, Plan> wanted);
  }

  private Map<String, String> commit(Map<String, Plan> wanted, Drafts drafts) throws IOException {
    Map<String, Plan> tried = new LinkedHashMap<>(wanted);
    Map<String, String> refused = new HashMap<>();
    while (true) {
      Draft draft = drafts.of(tried);
      try {
        draft.transaction().commit(socket);
        plans = draft.plans();
        claims = draft.claims();
        return refused;
      } catch (NftablesException e) {
        draft.undo();
        String culprit = draft.portOf(e.step());
        if (culprit == null) {
          culprit = search(new ArrayList<>(tried.keySet()), tried, drafts);
        }
        if (culprit == null) {
          throw e;
        }
        Plan good = plans.getOrDefault(culprit, Plan.NOTHING);
        if (draft.isAnew() && !good.equals(Plan.NOTHING) && !good.equals(tried.get(culprit))) {
          tried.put(culprit, good);
        } else {
          tried.remove(culprit);
        }
        refused.putIfAbsent(culprit, e.getMessage());
      }
    }
  }

  /// The first port without which those before it would be taken; null if it is none of them that
  /// the kernel refuses.
  private @Nullable String search(List<String> ports, Map<String, Plan> wanted, Drafts drafts) {
    if (isRefused(List.of(), wanted, drafts)) {
      return null;
    }
    int taken = 0;
    int refused = ports.size();
    while (refused - taken > 1) {
      int middle = (taken + refused) / 2;
      if (isRefused(ports.subList(0, middle), wanted, drafts)) {
        refused = middle;
      } else {
        taken = middle;
      }
    }
    return ports.isEmpty() ? null : ports.get(refused - 1);
  }

  private boolean isRefused(List<String> ports, Map<String, Plan> wanted, Drafts drafts) {
    Map<String, Plan> some = new LinkedHashMap<>(wanted);
    some.keySet().retainAll(ports);
    Draft draft = drafts.of(some);
    try {
      draft.transaction().check(socket);
      return false;
    } catch (NftablesException e) {
      return true;
    } finally {
      draft.undo();
    }
  }

  /// Whether the rules are still there, which other programs may have removed with everything else.
  /// Costs one small question unless something has changed a table since the last time.
  ///
  /// @throws IOException if the kernel cannot be asked
  boolean isThere() throws IOException {
    return watch.holds(this::contents);
  }

  private Watch.Contents contents() {
    int rules = common;
    for (Plan plan : plans.values()) {
      for (List<Line> lines : plan.chains().values()) {
        rules += lines.size();
      }
    }
    return new Watch.Contents(rules, claims.sizes(table.family()));
  }
}
