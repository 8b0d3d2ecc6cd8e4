package dev.tiphys.node.cni;

import dev.tiphys.node.host.HostProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The network of Pods on this node.
///
/// Each Pod has a cable of its own to the node, which routes between them: so all of their packets
/// pass the node's rules, those from one Pod to its neighbour too, and no kernel module is needed
/// that shows bridged packets to these rules. Cables, addresses and routes are made by the plugins
/// with each sandbox. What Pods send to the outside goes under the node's address by one rule for
/// all of them, in a table of its own: letting the plugin do that costs several runs of `iptables`
/// a Pod.
///
/// Threads: any, one at a time.
public final class PodNetwork {

  /// Where the runtime's network library remembers what it did, for all networks.
  private static final Path RESULTS = Path.of("/var/lib/cni/results");

  private final PodNetworkSettings settings;

  public PodNetwork(PodNetworkSettings settings) {
    this.settings = settings;
  }

  /// Makes the directory in which the runtime looks for networks, so that it sees this one come.
  ///
  /// @throws CniException if the node cannot do this
  public void prepare() throws CniException {
    try {
      Files.createDirectories(settings.configurations());
    } catch (IOException e) {
      throw new CniException("the network for Pods cannot be set up: " + e.getMessage(), e);
    }
  }

  /// Writes the configuration and sets the rules. What is there from before is replaced; Pods keep
  /// their network.
  ///
  /// @param ranges the ranges that Pods of this node get their addresses from, one or one of each
  ///   family, as `10.244.0.0/24`
  /// @param mtu the largest packet that new Pods send, in bytes; 0 for what cables take by default
  /// @throws CniException if the node cannot do this
  public void install(List<String> ranges, int mtu) throws CniException, InterruptedException {
    try {
      Files.createDirectories(settings.configurations());
      Path draft = settings.configurations().resolve("draft");
      Files.writeString(draft, configuration(ranges, mtu));
      Files.move(draft, settings.configuration(), StandardCopyOption.ATOMIC_MOVE);
      HostProgram.Result result = program("nft").runWithInput(rules(ranges), "-f", "-");
      if (!result.succeeded()) {
        throw new CniException("nft does not take the rules for Pods: " + result.output().strip());
      }
    } catch (IOException e) {
      throw new CniException("the network for Pods cannot be set up: " + e.getMessage(), e);
    }
  }

  /// Where the runtime looks for the configuration of networks.
  public Path configurations() {
    return settings.configurations();
  }

  /// Removes everything of this network: configuration, rules, what plugins remember. Only when no
  /// Pod is left: its cable goes with it.
  ///
  /// @throws CniException if the node cannot do this
  public void remove() throws CniException, InterruptedException {
    try {
      for (String family : List.of("ip", "ip6")) {
        program("nft").run("delete", "table", family, settings.name());
      }
      deleteTree(settings.directory());
      forgetResults();
    } catch (IOException e) {
      throw new CniException("the network for Pods cannot be removed: " + e.getMessage(), e);
    }
  }

  /// What is remembered of a sandbox is a file for this network, `NETWORK-ID-eth0`, and one for its
  /// loopback.
  private void forgetResults() throws IOException {
    if (!Files.isDirectory(RESULTS)) {
      return;
    }
    String prefix = settings.name() + "-";
    try (Stream<Path> results = Files.list(RESULTS)) {
      for (Path result : results.toList()) {
        String name = result.getFileName().toString();
        if (name.startsWith(prefix)) {
          String sandbox = name.substring(prefix.length(), name.lastIndexOf('-'));
          Files.deleteIfExists(RESULTS.resolve("cni-loopback-" + sandbox + "-lo"));
          Files.delete(result);
        }
      }
    }
  }

  String configuration(List<String> ranges, int mtu) {
    return """
        {
          "cniVersion": "1.0.0",
          "name": "%s",
          "plugins": [
            {
              "type": "ptp",%s
              "ipam": {
                "type": "host-local",
                "dataDir": "%s",
                "ranges": [%s],
                "routes": [%s]
              }
            }
          ]
        }
        """
        .formatted(
            settings.name(),
            mtu == 0 ? "" : "\n              \"mtu\": " + mtu + ",",
            settings.addresses(),
            joined(ranges.stream().map("[{\"subnet\": \"%s\"}]"::formatted)),
            joined(
                ranges.stream()
                    .map(range -> isIpv6(range) ? "::/0" : "0.0.0.0/0")
                    .distinct()
                    .map("{\"dst\": \"%s\"}"::formatted)));
  }

  /// One table for each family, replaced as a whole: adding it first makes the deletion of one that
  /// may not exist succeed.
  String rules(List<String> ranges) {
    StringBuilder rules = new StringBuilder();
    for (String range : ranges) {
      String family = isIpv6(range) ? "ip6" : "ip";
      String direct =
          joined(
              Stream.concat(
                  settings.direct().stream().filter(d -> isIpv6(d) == isIpv6(range)),
                  Stream.of(isIpv6(range) ? "ff00::/8" : "224.0.0.0/4")));
      rules.append(
          """
          add table %1$s %2$s
          delete table %1$s %2$s
          table %1$s %2$s {
            chain outbound {
              type nat hook postrouting priority srcnat; policy accept;
              %1$s saddr %3$s %1$s daddr != { %4$s } masquerade fully-random
            }
          }
          """
              .formatted(family, settings.name(), range, direct));
    }
    return rules.toString();
  }

  private static String joined(Stream<String> parts) {
    return parts.collect(Collectors.joining(", "));
  }

  private static boolean isIpv6(String range) {
    return range.indexOf(':') >= 0;
  }

  private static HostProgram program(String name) throws CniException {
    HostProgram program = HostProgram.find(name);
    if (program == null) {
      throw new CniException(name + " is not installed: install the package nftables");
    }
    return program;
  }

  private static void deleteTree(Path directory) throws IOException {
    if (Files.exists(directory)) {
      try (Stream<Path> files = Files.walk(directory)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }
}
