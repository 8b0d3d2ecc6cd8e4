package dev.tiphys.cli.parts;

import dev.tiphys.cli.data.Certificates;
import dev.tiphys.cli.data.ClusterSettings;
import dev.tiphys.cli.data.DataDirectory;
import dev.tiphys.cli.data.DataLock;
import dev.tiphys.cli.features.FeatureOptions;
import dev.tiphys.cli.machine.CliException;
import dev.tiphys.cli.machine.HostAddress;
import dev.tiphys.cli.machine.HostName;
import dev.tiphys.cli.machine.HostRequirements;
import dev.tiphys.cli.machine.NodePackages;
import dev.tiphys.cli.options.ClusterDnsOption;
import dev.tiphys.cli.options.DataOption;
import dev.tiphys.cli.options.EvictionOption;
import dev.tiphys.cli.options.NetworkOption;
import dev.tiphys.cli.options.NetworkOption.Part;
import dev.tiphys.cli.options.PodNetworkOption;
import dev.tiphys.cli.options.PodRangeOption;
import dev.tiphys.cli.options.ServerOption;
import dev.tiphys.cli.roles.Closeables;
import dev.tiphys.cli.roles.ContainerMachinery;
import dev.tiphys.cli.roles.Discovery;
import dev.tiphys.cli.roles.DnsRole;
import dev.tiphys.cli.roles.EdgeRole;
import dev.tiphys.cli.roles.MeshRole;
import dev.tiphys.cli.roles.NetworkRole;
import dev.tiphys.cli.roles.NodeCertificate;
import dev.tiphys.cli.roles.NodeRole;
import dev.tiphys.cli.roles.StorageRole;
import dev.tiphys.client.Api;
import dev.tiphys.client.features.FeatureGates;
import dev.tiphys.client.http.HttpApi;
import dev.tiphys.client.http.Kubeconfig;
import dev.tiphys.metrics.Exposition;
import dev.tiphys.network.NetworkSettings;
import dev.tiphys.node.settings.EvictionThresholds;
import dev.tiphys.node.settings.NodeSettings;
import dev.tiphys.pki.Pem;
import dev.tiphys.world.RealWorld;
import dev.tiphys.world.World;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `tiphys kubelet`
@Command(
    name = "kubelet",
    description = "Makes this machine a node of a cluster, and nothing else of it.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class KubeletCommand implements Runnable {

  @Mixin private ServerOption server = new ServerOption();
  @Mixin private DataOption data = new DataOption();
  @Mixin private FeatureOptions features = new FeatureOptions();
  @Mixin private PodRangeOption range = new PodRangeOption();

  @Option(
      names = "--node-name",
      paramLabel = "NAME",
      description = "What the node is called. Default: as the machine.")
  private @Nullable String name;

  @Option(
      names = "--no-install",
      description = "Do not install packages that a node needs; say which ones, and stop.")
  private boolean noInstall;

  @Option(
      names = "--bootstrap-kubeconfig",
      paramLabel = "FILE",
      description =
          "A kubeconfig with a token to join the cluster with: the node asks for a certificate of its"
              + " own, and renews it in time.")
  private @Nullable Path bootstrap;

  @Option(
      names = "--proxy-kubeconfig",
      paramLabel = "FILE",
      description =
          "The kubeconfig of this node's service proxy. Without one, the node asks for a certificate"
              + " if it joins with a token; another program is to do the proxy's work otherwise.")
  private @Nullable Path proxyKubeconfig;

  @Option(
      names = "--policy-kubeconfig",
      paramLabel = "FILE",
      description =
          "The kubeconfig of what makes network policies hold on this node. Without one, as for the"
              + " proxy.")
  private @Nullable Path policyKubeconfig;

  @Option(
      names = "--pod-network-kubeconfig",
      paramLabel = "FILE",
      description =
          "The kubeconfig of what leads to the pods of other nodes. Without one, as for the proxy.")
  private @Nullable Path podNetworkKubeconfig;

  @Option(
      names = "--mesh-kubeconfig",
      paramLabel = "FILE",
      description =
          "The kubeconfig of what routes calls of this node's pods by VirtualServices. Without one,"
              + " as for the proxy.")
  private @Nullable Path meshKubeconfig;

  @Option(
      names = "--edge",
      description =
          "Serve Ingresses, Gateways and VirtualServices to clients outside at this node, too. The"
              + " cluster must let it read Secrets: 'kubectl create clusterrolebinding edge-NAME"
              + " --clusterrole=system:tiphys:edge --user=system:tiphys:node-network:NAME'.")
  private boolean edge;

  @Option(
      names = "--edge-kubeconfig",
      paramLabel = "FILE",
      description = "The kubeconfig by which that is done. Default: as for the proxy.")
  private @Nullable Path edgeKubeconfig;

  @Option(
      names = "--storage-kubeconfig",
      paramLabel = "FILE",
      description =
          "The kubeconfig of what makes volumes on this node's disk. Without one, as for the proxy.")
  private @Nullable Path storageKubeconfig;

  @Mixin private PodNetworkOption podNetwork = new PodNetworkOption();
  @Mixin private NetworkOption parts = new NetworkOption();

  @ArgGroup(exclusive = false)
  private @Nullable Join join;

  /// What joins a cluster without a file from it.
  private static final class Join {
    @Option(
        names = "--join",
        paramLabel = "HOST:PORT",
        required = true,
        description = "Join the cluster there, as 'tiphys token' says.")
    private String address = "";

    @Option(
        names = "--token",
        paramLabel = "TOKEN",
        required = true,
        description = "The token to join it with.")
    private String token = "";

    @Option(
        names = "--discovery-token-ca-cert-hash",
        paramLabel = "HASH",
        required = true,
        description = "What the cluster's authority is recognized by.")
    private String hash = "";
  }

  @Option(
      names = "--dns-kubeconfig",
      paramLabel = "FILE",
      description =
          "The kubeconfig of this node's DNS server. Without one, Pods ask that of another node, or"
              + " another program, as --cluster-dns says.")
  private @Nullable Path dnsKubeconfig;

  @Mixin private ClusterDnsOption clusterDns = new ClusterDnsOption();
  @Mixin private EvictionOption eviction = new EvictionOption();

  @Override
  public void run() {
    FeatureGates gates = features.gates();
    World world = new RealWorld();
    HostRequirements.requireContainers();
    try (Closeables running = new Closeables()) {
      NodePackages.require(!noInstall, podNetwork.isOurs(), System.out::println);
      DataDirectory directory = data.make();
      running.add(DataLock.take(directory));
      String called = name == null ? HostName.find() : name;
      Kubeconfig.Access joining = joining(world, directory);
      NodeCertificate certificate =
          joining == null ? null : NodeCertificate.ofNode(world, joining, directory.pki(), called);
      Kubeconfig.Access access = certificate == null ? server.access() : certificate.access();
      HttpApi api = new HttpApi(world, access, "kubelet");
      ServerOption.require(api, access);
      if (certificate != null) {
        running.add(certificate.renew(api));
      }
      Kubeconfig.Access own =
          certificate == null
              ? null
              : networkAccess(world, running, api, access, directory, called);
      List<String> podRanges = podRanges(world, own);
      ContainerMachinery machinery =
          running.add(ContainerMachinery.start(world, directory, podRanges, podNetwork.isOurs()));
      List<String> addresses = HostAddress.find(podRanges);
      NetworkSettings settings =
          ContainerMachinery.networkSettings(directory, called, addresses, podRanges);
      NetworkRole network =
          running.add(
              NetworkRole.start(world, api, apis(world, own), settings, machinery.network()));
      Consumer<Exposition> router = startRouter(world, running, api, own, settings, network);
      running.add(
          NodeRole.start(
              world,
              api,
              NodeSettings.of(called, addresses, directory.path())
                  .withClusterDns(
                      startDns(world, running, api, called, addresses.getFirst()),
                      clusterDns.domain())
                  .withFeatures(gates)
                  .withEviction(eviction.thresholds(EvictionThresholds.DEFAULT)),
              directory,
              machinery,
              network,
              new Certificates(world, directory.pki()),
              authorities(access),
              router));
      HttpApi storage =
          parts.has(Part.STORAGE) ? api(world, storageKubeconfig, own, StorageRole.PROGRAM) : null;
      if (storage != null) {
        running.add(StorageRole.start(world, storage, called, directory));
      }
      System.out.println("The node " + called + " works for " + access.server() + ".");
      running.awaitEnd();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Starts what routes calls of this node's Pods, and serves the edge if it is to.
  ///
  /// @return tells what these count
  private Consumer<Exposition> startRouter(
      World world,
      Closeables running,
      Api node,
      Kubeconfig.@Nullable Access own,
      NetworkSettings settings,
      NetworkRole network)
      throws InterruptedException {
    HttpApi reading = edge ? api(world, edgeKubeconfig, own, EdgeRole.PROGRAM) : null;
    EdgeRole served = null;
    Consumer<Exposition> metrics = _ -> {};
    if (reading != null) {
      served =
          running.add(EdgeRole.start(world, reading, settings, parts.local(), parts.accessLog()));
      served.join(reading, parts.has(Part.INGRESS), parts.has(Part.GATEWAY));
      served.tellOthers(node, settings.node());
      metrics = metrics.andThen(served::write);
    }
    HttpApi mesh =
        !parts.has(Part.MESH)
            ? null
            : reading == null ? api(world, meshKubeconfig, own, MeshRole.PROGRAM) : reading;
    if (mesh != null) {
      MeshRole joined =
          running.add(
              MeshRole.join(
                  world, mesh, served, settings, network.meshPolicies(), clusterDns.domain()));
      metrics = metrics.andThen(joined::write);
    }
    return metrics;
  }

  /// Access for the parts of the network of a node that joins with a token, which asks for a
  /// certificate for them; null if all are left to other programs.
  private Kubeconfig.@Nullable Access networkAccess(
      World world,
      Closeables running,
      Api node,
      Kubeconfig.Access access,
      DataDirectory directory,
      String called)
      throws InterruptedException {
    if (!parts.has(Part.PROXY)
        && !parts.has(Part.POLICY)
        && !parts.has(Part.STORAGE)
        && !parts.has(Part.MESH)
        && !edge
        && !podNetwork.isOurs()) {
      return null;
    }
    NodeCertificate certificate = NodeCertificate.ofNetwork(world, access, directory.pki(), called);
    Kubeconfig.Access own = certificate.access();
    running.add(certificate.renew(node));
    return own;
  }

  /// Those that were asked for, or those that the cluster tells, or those that controllers take
  /// which were not told either. Where this node has its data says nothing of the cluster's.
  private List<String> podRanges(World world, Kubeconfig.@Nullable Access own) {
    List<String> told =
        range.isGiven() || own == null
            ? List.of()
            : ClusterSettings.podRanges(new HttpApi(world, own, "pod-network"));
    return told.isEmpty() ? range.ranges().cluster() : told;
  }

  /// @param own access for all parts; null if each has a kubeconfig or is left out
  private NetworkRole.Apis apis(World world, Kubeconfig.@Nullable Access own) {
    return new NetworkRole.Apis(
        parts.has(Part.PROXY) ? api(world, proxyKubeconfig, own, "kube-proxy") : null,
        parts.has(Part.POLICY) ? api(world, policyKubeconfig, own, "network-policy") : null,
        api(world, podNetworkKubeconfig, own, "pod-network"));
  }

  /// The API as a part of the network sees it; null if it is to be left out.
  private static @Nullable HttpApi api(
      World world, @Nullable Path kubeconfig, Kubeconfig.@Nullable Access own, String part) {
    Kubeconfig.Access access = kubeconfig == null ? own : ServerOption.access(kubeconfig);
    return access == null ? null : new HttpApi(world, access, part);
  }

  /// Starts the DNS, if it is to run here. Returns where Pods ask.
  private List<String> startDns(
      World world, Closeables running, Api node, String name, String address) {
    Path kubeconfig = dnsKubeconfig;
    if (kubeconfig == null) {
      return clusterDns.servers(() -> DnsRole.addressOfService(node));
    }
    HttpApi api = new HttpApi(world, ServerOption.access(kubeconfig), DnsRole.PROGRAM);
    List<String> service = clusterDns.servers(() -> DnsRole.addressOf(api));
    running.add(
        DnsRole.start(world, api, DnsRole.settings(name, address, service, clusterDns.domain())));
    return service;
  }

  /// What was found out is kept: once its token has ended, the node must be able to start again.
  private static Kubeconfig.Access discovered(World world, Join join, Path kept)
      throws InterruptedException {
    if (Files.exists(kept)) {
      Kubeconfig.Access known = ServerOption.access(kept);
      if (known.token().equals(join.token)) {
        return known;
      }
    }
    Kubeconfig.Access found = new Discovery(world, join.token, join.hash).find(join.address);
    try {
      Kubeconfig.of("bootstrap", found).write(kept);
    } catch (IOException e) {
      throw new CliException("cannot write " + kept + ": " + e.getMessage(), e);
    }
    return found;
  }

  /// The cluster that is to be joined with a token; null if the node has its own credentials.
  private Kubeconfig.@Nullable Access joining(World world, DataDirectory directory)
      throws InterruptedException {
    Join discovered = join;
    if (discovered != null) {
      return discovered(world, discovered, directory.kubeconfig("bootstrap"));
    }
    Path file = bootstrap;
    return file == null ? null : ServerOption.access(file);
  }

  /// The authorities that vouch for the API server when it asks this node for logs and the like.
  private static List<X509Certificate> authorities(Kubeconfig.Access access) {
    try {
      return Pem.certificates(access.authority());
    } catch (IllegalArgumentException e) {
      throw new CliException(
          "the kubeconfig names no certificate authority, without which the API server cannot prove"
              + " its identity to this node",
          e);
    }
  }
}
