package dev.tiphys.cli.options;

import dev.tiphys.network.loadbalancer.AddressPool;
import dev.tiphys.network.loadbalancer.LocalAddresses;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Which parts run here that other programs can replace.
public final class NetworkOption {

  /// A part that can be left to another program.
  public enum Part {
    /// Makes Services reach their endpoints.
    PROXY,
    /// Answers for names of Services and Pods.
    DNS,
    /// Lets through what network policies allow.
    POLICY,
    /// Gives addresses to Services of type LoadBalancer.
    LOADBALANCER,
    /// Makes volumes on the disks of nodes.
    STORAGE,
    /// Tells what nodes and Pods use.
    METRICS,
    /// Serves Ingresses.
    INGRESS,
    /// Serves the Gateway API.
    GATEWAY,
    /// Serves VirtualServices, at the edge and between Pods.
    MESH,
    /// Brings new versions of workloads step by step.
    ROLLOUTS,
    /// Keeps Secrets as stores outside of the cluster have them.
    SECRETS,
    /// Runs Prometheus for ServiceMonitors and their kin.
    MONITORING
  }

  @Option(
      names = "--without",
      split = ",",
      paramLabel = "PART",
      description =
          "Parts that are left to other programs: proxy, dns, policy, loadbalancer (the service"
              + " network), storage (volumes on disks of nodes, and the default classes), metrics"
              + " (what nodes and Pods use, for kubectl top and autoscalers), ingress (Ingresses of"
              + " class nginx), gateway (the Gateway API), mesh (VirtualServices and their kin),"
              + " rollouts (new versions of workloads that come step by step), secrets (ExternalSecrets:"
              + " Secrets as stores outside of the cluster have them), monitoring (Prometheus for"
              + " ServiceMonitors and their kin).")
  private Set<Part> without = EnumSet.noneOf(Part.class);

  private @Nullable AddressPool pool;

  @Option(
      names = "--load-balancer-pool",
      paramLabel = "RANGE",
      description =
          "Where Services of type LoadBalancer get addresses of their own from: blocks and ranges,"
              + " as 192.0.2.64/27,192.0.2.10-192.0.2.20. Default: they have those of the nodes.")
  void pool(String text) {
    try {
      pool = AddressPool.of(List.of(text.split(",")));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(
          command.commandLine(), "--load-balancer-pool: " + e.getMessage(), e);
    }
  }

  private LocalAddresses.Shared local = LocalAddresses.Shared.of(LocalAddresses.Shared.USUAL);

  @Option(
      names = "--local-addresses",
      paramLabel = "RANGE",
      description =
          "Addresses that only this machine and its Pods reach, for Ingresses and Services of type"
              + " LoadBalancer whose ports are taken at the node's own. Default: "
              + LocalAddresses.Shared.USUAL
              + ".")
  void local(String text) {
    try {
      local = LocalAddresses.Shared.of(text);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(
          command.commandLine(), "--local-addresses: " + e.getMessage(), e);
    }
  }

  @Option(
      names = "--access-log",
      paramLabel = "FILE",
      description =
          "Where a line is written for each request that comes to the edge, in nginx' usual format;"
              + " what clients may use as secrets is left out. A file of 100 MiB becomes FILE.1."
              + " Default: none is written.")
  private @Nullable Path accessLog;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command = CommandSpec.create();

  /// Where Services get addresses of their own from; null if they have those of the nodes.
  public @Nullable AddressPool pool() {
    return pool;
  }

  /// For what can't have its port at the node's own addresses.
  public LocalAddresses.Shared local() {
    return local;
  }

  /// Where requests at the edge are logged; null for nowhere.
  public @Nullable Path accessLog() {
    return accessLog;
  }

  /// Whether a part is to run.
  public boolean has(Part part) {
    return !without.contains(part);
  }
}
