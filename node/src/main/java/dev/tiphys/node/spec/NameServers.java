package dev.tiphys.node.spec;

import dev.tiphys.node.pod.Pod;
import dev.tiphys.node.runtime.spec.SandboxSpec.Dns;
import dev.tiphys.object.Struct;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Where Pods look names up.
///
/// @param cluster the name servers of the cluster; none if there are none
/// @param domain what the names of Services end in
/// @param node what the node itself uses
public record NameServers(List<String> cluster, String domain, Dns node) {
  private static final int MOST_SERVERS = 3;
  private static final int MOST_SEARCHES = 32;
  private static final List<Path> FILES =
      // systemd's stub is no use outside the node's own network; this is what is behind it.
      List.of(Path.of("/run/systemd/resolve/resolv.conf"), Path.of("/etc/resolv.conf"));

  public NameServers {
    cluster = List.copyOf(cluster);
  }

  /// With the name servers of this machine.
  public static NameServers ofThisMachine(List<String> cluster, String domain) {
    for (Path file : FILES) {
      try {
        return new NameServers(cluster, domain, parse(Files.readAllLines(file)));
      } catch (IOException _) {
        // The next one, or none at all: names can't be looked up then.
      }
    }
    return new NameServers(cluster, domain, new Dns(List.of(), List.of(), List.of()));
  }

  static Dns parse(List<String> lines) {
    List<String> servers = new ArrayList<>();
    List<String> searches = List.of();
    List<String> options = new ArrayList<>();
    for (String line : lines) {
      String[] words = line.strip().split("\\s+");
      List<String> values = List.of(words).subList(1, words.length);
      switch (words[0]) {
        case "nameserver" -> servers.addAll(values);
        case "search" -> searches = values;
        case "options" -> options.addAll(values);
        default -> {
          // comments, and what is not used any more
        }
      }
    }
    return new Dns(servers, searches, options);
  }

  /// Whether a Pod wants the cluster's name servers, but there are none.
  public boolean misses(Pod pod) {
    return cluster.isEmpty() && wantsCluster(pod);
  }

  Dns of(Pod pod) {
    Struct extra = pod.spec().struct("dnsConfig");
    Dns base;
    if (pod.spec().string("dnsPolicy").equals("None")) {
      base = new Dns(List.of(), List.of(), List.of());
    } else if (wantsCluster(pod) && !cluster.isEmpty()) {
      base = ofCluster(pod.namespace());
    } else {
      base = node;
    }
    Set<String> servers = new LinkedHashSet<>(base.servers());
    servers.addAll(extra.strings("nameservers"));
    Set<String> searches = new LinkedHashSet<>(base.searches());
    searches.addAll(extra.strings("searches"));
    return new Dns(
        servers.stream().limit(MOST_SERVERS).toList(),
        searches.stream().limit(MOST_SEARCHES).toList(),
        options(base.options(), extra.structs("options")));
  }

  private static boolean wantsCluster(Pod pod) {
    return switch (pod.spec().string("dnsPolicy")) {
      case "ClusterFirstWithHostNet" -> true;
      case "Default", "None" -> false;
      default -> !pod.hostNetwork();
    };
  }

  private Dns ofCluster(String namespace) {
    Set<String> searches = new LinkedHashSet<>();
    searches.add(namespace + ".svc." + domain);
    searches.add("svc." + domain);
    searches.add(domain);
    searches.addAll(node.searches());
    return new Dns(cluster, List.copyOf(searches), List.of("ndots:5"));
  }

  private static List<String> options(List<String> base, List<Struct> extra) {
    Map<String, String> byName = new LinkedHashMap<>();
    for (String option : base) {
      int colon = option.indexOf(':');
      byName.put(colon < 0 ? option : option.substring(0, colon), option);
    }
    for (Struct option : extra) {
      String name = option.string("name");
      byName.put(name, option.has("value") ? name + ":" + option.string("value") : name);
    }
    return List.copyOf(byName.values());
  }
}
