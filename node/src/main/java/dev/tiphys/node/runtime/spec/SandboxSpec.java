package dev.tiphys.node.runtime.spec;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a sandbox is made from.
///
/// @param hostname must be empty if the sandbox is on the node's network: it has the node's then
/// @param logDirectory where the logs of its containers go; must exist once the first of them
///   starts
/// @param dns what `/etc/resolv.conf` says; null for what the node's says
/// @param ports ports of the node that lead into the sandbox
/// @param labels what it can be found by; see [PodLabels]
/// @param annotations kept and given back, for the caller's own use
/// @param cgroupParent the cgroup that holds those of the sandbox and its containers, as
///   `/kubepods/burstable/pod…`; made if it does not exist
/// @param sysctls kernel settings of the sandbox's namespaces
/// @param handler which configured way of running containers to use; empty for the usual one
public record SandboxSpec(
    SandboxName name,
    String hostname,
    String logDirectory,
    @Nullable Dns dns,
    List<Port> ports,
    Map<String, String> labels,
    Map<String, String> annotations,
    String cgroupParent,
    Map<String, String> sysctls,
    SandboxSecurity security,
    String handler) {

  /// The three kinds of lines in `/etc/resolv.conf`.
  public record Dns(List<String> servers, List<String> searches, List<String> options) {
    public Dns {
      servers = List.copyOf(servers);
      searches = List.copyOf(searches);
      options = List.copyOf(options);
    }
  }

  /// A transport protocol.
  public enum Protocol {
    TCP,
    UDP,
    SCTP
  }

  /// A port of the node that leads into the sandbox.
  ///
  /// @param hostIp the node's address to take; empty for all of them
  public record Port(Protocol protocol, int containerPort, int hostPort, String hostIp) {}

  public SandboxSpec {
    ports = List.copyOf(ports);
    labels = Map.copyOf(labels);
    annotations = Map.copyOf(annotations);
    sysctls = Map.copyOf(sysctls);
  }
}
