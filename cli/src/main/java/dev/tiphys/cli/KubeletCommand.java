package dev.tiphys.cli;

import dev.tiphys.cli.data.Certificates;
import dev.tiphys.cli.data.DataDirectory;
import dev.tiphys.cli.data.DataLock;
import dev.tiphys.cli.machine.CliException;
import dev.tiphys.cli.machine.HostAddress;
import dev.tiphys.cli.machine.HostName;
import dev.tiphys.cli.machine.HostRequirements;
import dev.tiphys.cli.machine.NodePackages;
import dev.tiphys.cli.options.DataOption;
import dev.tiphys.cli.options.PodRangeOption;
import dev.tiphys.cli.options.ServerOption;
import dev.tiphys.cli.roles.ContainerMachinery;
import dev.tiphys.cli.roles.NetworkRole;
import dev.tiphys.cli.roles.NodeCertificate;
import dev.tiphys.cli.roles.NodeRole;
import dev.tiphys.client.http.HttpApi;
import dev.tiphys.client.http.Kubeconfig;
import dev.tiphys.pki.Pem;
import dev.tiphys.world.RealWorld;
import dev.tiphys.world.World;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `tiphys kubelet`
@Command(
    name = "kubelet",
    description = "Makes this machine a node of a cluster, and nothing else of it.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class KubeletCommand implements Runnable {

  @Mixin private ServerOption server = new ServerOption();
  @Mixin private DataOption data = new DataOption();
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

  @Override
  public void run() {
    World world = new RealWorld();
    HostRequirements.requireContainers();
    try (Closeables running = new Closeables()) {
      NodePackages.require(!noInstall, System.out::println);
      DataDirectory directory = data.make();
      running.add(DataLock.take(directory));
      String called = name == null ? HostName.find() : name;
      Path joining = bootstrap;
      NodeCertificate certificate =
          joining == null
              ? null
              : new NodeCertificate(world, ServerOption.access(joining), directory.pki(), called);
      Kubeconfig.Access access = certificate == null ? server.access() : certificate.access();
      HttpApi api = new HttpApi(world, access, "kubelet");
      ServerOption.require(api, access);
      if (certificate != null) {
        running.add(certificate.renew(api));
      }
      String podRange = range.of(directory, false);
      ContainerMachinery machinery =
          running.add(ContainerMachinery.start(world, directory, podRange));
      String address = HostAddress.find();
      NetworkRole network =
          running.add(
              NetworkRole.start(
                  api,
                  ContainerMachinery.networkSettings(directory, called, address, podRange),
                  machinery.network()));
      running.add(
          NodeRole.start(
              world,
              api,
              called,
              address,
              directory,
              machinery,
              network,
              new Certificates(world, directory.pki()),
              authorities(access)));
      System.out.println("The node " + called + " works for " + access.server() + ".");
      running.awaitEnd();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
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
