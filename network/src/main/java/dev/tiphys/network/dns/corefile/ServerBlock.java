package dev.tiphys.network.dns.corefile;

import dev.tiphys.network.dns.forward.CacheSettings;
import dev.tiphys.network.dns.forward.Policy;
import dev.tiphys.network.dns.message.Name;
import java.util.List;

/// What is done about the names of some zones.
///
/// @param zones whose names it is about
/// @param hosts static hosts, looked at first
/// @param forwards which other servers are asked
/// @param cache how their answers are remembered
public record ServerBlock(
    List<Name> zones, List<Hosts> hosts, List<Forward> forwards, CacheSettings cache) {

  public ServerBlock {
    zones = List.copyOf(zones);
    hosts = List.copyOf(hosts);
    forwards = List.copyOf(forwards);
  }

  /// Other servers.
  ///
  /// @param from what they are asked about
  /// @param to their addresses, or files as `/etc/resolv.conf` that name them
  /// @param except what they are not asked about
  /// @param onlyStreams whether they are asked by streams only
  /// @param mostAtOnce how many questions may be on their way
  public record Forward(
      Name from,
      List<String> to,
      List<Name> except,
      Policy policy,
      boolean onlyStreams,
      int mostAtOnce) {

    public Forward {
      to = List.copyOf(to);
      except = List.copyOf(except);
    }

    /// Whether they are asked about a name.
    public boolean isAbout(Name name) {
      return name.isIn(from) && except.stream().noneMatch(name::isIn);
    }
  }
}
