package dev.tiphys.network.dns.records;

import dev.tiphys.network.dns.message.Answer;
import dev.tiphys.network.dns.message.Name;
import dev.tiphys.network.dns.message.Rcode;
import dev.tiphys.network.dns.message.Record;
import dev.tiphys.network.dns.message.Type;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// All names of a cluster, and the answers about them.
///
/// What a name has is immutable and is replaced as a whole. Names of one owner change one after the
/// other; nothing is remembered of what was not there.
///
/// Threads: one changes it, any ask.
final class NameTable {

  private static final int LONGEST_ALIASES = 8;
  private static final Name REVERSE_4 = Name.of("in-addr.arpa");
  private static final Name REVERSE_6 = Name.of("ip6.arpa");

  private final Zone zone;
  private final Record soa;
  private final Name services;
  private final Name pods;
  private final Map<Name, List<Record>> names = new ConcurrentHashMap<>();

  /// What each owner has put in, so that it can be taken out again. Only the thread that changes
  /// the table looks at it.
  private final Map<String, Map<Name, Set<Record>>> owned = new HashMap<>();

  /// The owners of names that several have: those of addresses.
  private final Map<Name, Set<String>> shared = new HashMap<>();

  NameTable(Zone zone, List<InetAddress> servers) {
    this.zone = zone;
    this.soa = zone.soa();
    this.services = zone.services();
    this.pods = zone.podNames();
    zone.empty().forEach(name -> names.put(name, List.of()));
    for (List<Record> each : zone.fixed(servers)) {
      if (!each.isEmpty()) {
        names.put(each.getFirst().owner(), each);
      }
    }
  }

  Zone zone() {
    return zone;
  }

  int size() {
    return names.size();
  }

  /// Puts the records of an owner in the place of those that it had.
  void put(String owner, Map<Name, Set<Record>> records) {
    Map<Name, Set<Record>> before =
        records.isEmpty() ? owned.remove(owner) : owned.put(owner, records);
    records.forEach(
        (name, now) -> {
          if (before == null || !now.equals(before.get(name))) {
            if (isReverse(name)) {
              shared.computeIfAbsent(name, _ -> new LinkedHashSet<>()).add(owner);
              share(name);
            } else {
              names.put(name, List.copyOf(now));
            }
          }
        });
    if (before != null) {
      before.keySet().stream()
          .filter(name -> !records.containsKey(name))
          .forEach(name -> remove(name, owner));
    }
  }

  private void remove(Name name, String owner) {
    Set<String> owners = shared.get(name);
    if (owners == null) {
      names.remove(name);
      return;
    }
    owners.remove(owner);
    if (owners.isEmpty()) {
      shared.remove(name);
      names.remove(name);
    } else {
      share(name);
    }
  }

  private void share(Name name) {
    Set<Record> all = new LinkedHashSet<>();
    for (String each : shared.getOrDefault(name, Set.of())) {
      all.addAll(owned.getOrDefault(each, Map.of()).getOrDefault(name, Set.of()));
    }
    names.put(name, List.copyOf(all));
  }

  private static boolean isReverse(Name name) {
    return name.isIn(REVERSE_4) || name.isIn(REVERSE_6);
  }

  /// The answer to a question about the cluster; null if it is none about the cluster.
  ///
  /// An answer that ends in an alias out of the cluster is not complete: see [Answer#answers].
  @Nullable Answer answer(Name name, int type) {
    List<Record> records = names.get(name);
    if (records == null) {
      return name.isIn(zone.apex()) ? computed(name, type) : null;
    }
    return alias(records) != null && type != Type.CNAME && type != Type.ANY
        ? followed(records, type)
        : of(records, type);
  }

  private static @Nullable Name alias(List<Record> records) {
    return !records.isEmpty() && records.getFirst().type() == Type.CNAME
        ? records.getFirst().target()
        : null;
  }

  private Answer followed(List<Record> records, int type) {
    List<Record> aliases = new ArrayList<>();
    List<Record> at = records;
    Name target = alias(at);
    while (target != null && aliases.size() < LONGEST_ALIASES) {
      aliases.addAll(at);
      at = names.get(target);
      if (at == null) {
        Answer inside = target.isIn(zone.apex()) ? computed(target, type) : null;
        return inside == null ? Answer.found(aliases, List.of()) : inside.behind(aliases);
      }
      target = alias(at);
    }
    return target == null ? of(at, type).behind(aliases) : Answer.of(Rcode.SERVFAIL);
  }

  private Answer of(List<Record> records, int type) {
    int matching = 0;
    for (Record each : records) {
      matching += matches(each, type) ? 1 : 0;
    }
    if (matching == 0) {
      return Answer.none(Rcode.NOERROR, soa);
    }
    List<Record> found = records;
    if (matching < records.size()) {
      found = new ArrayList<>(matching);
      for (Record each : records) {
        if (matches(each, type)) {
          found.add(each);
        }
      }
    }
    return Answer.found(found, type == Type.SRV ? addressesOf(found) : List.of());
  }

  private static boolean matches(Record record, int type) {
    return type == record.type() || type == Type.ANY;
  }

  private List<Record> addressesOf(List<Record> targets) {
    Set<Record> addresses = new LinkedHashSet<>();
    for (Record each : targets) {
      Name target = each.target();
      if (target != null) {
        names.getOrDefault(target, List.of()).stream()
            .filter(record -> record.type() == Type.A || record.type() == Type.AAAA)
            .forEach(addresses::add);
      }
    }
    return List.copyOf(addresses);
  }

  /// The answer about a name that is not written down: one of a Pod's address, or none.
  private Answer computed(Name name, int type) {
    if (zone.pods() && name.isIn(pods)) {
      Name below = name.relativeTo(pods);
      int depth = below.labels();
      if (depth == 1 && isNamespace(below)) {
        return Answer.none(Rcode.NOERROR, soa);
      }
      InetAddress address =
          depth == 2 && isNamespace(below.parent()) ? PodNames.address(below.first()) : null;
      if (address != null) {
        return of(List.of(Record.address(name, zone.ttl(), address)), type);
      }
    }
    return Answer.none(Rcode.NXDOMAIN, soa);
  }

  private boolean isNamespace(Name label) {
    Name name = label.in(services);
    return name != null && names.containsKey(name);
  }

  /// Makes a namespace known, which is a name without records.
  void putNamespace(String namespace) {
    names.put(services.child(namespace), List.of());
  }

  void removeNamespace(String namespace) {
    names.remove(services.child(namespace));
  }
}
