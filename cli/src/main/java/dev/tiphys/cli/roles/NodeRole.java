package dev.tiphys.cli.roles;

import dev.tiphys.cli.data.Certificates;
import dev.tiphys.cli.data.DataDirectory;
import dev.tiphys.cli.data.RenewedCredential;
import dev.tiphys.cli.machine.CliException;
import dev.tiphys.client.Api;
import dev.tiphys.http.TlsSettings;
import dev.tiphys.metrics.Exposition;
import dev.tiphys.node.agent.NodeAgent;
import dev.tiphys.node.runtime.ContainerRuntime;
import dev.tiphys.node.server.AgentServer;
import dev.tiphys.node.settings.NodeSettings;
import dev.tiphys.node.settings.UsualRoot;
import dev.tiphys.pki.Credential;
import dev.tiphys.pki.Subject;
import dev.tiphys.world.SupervisedTask;
import dev.tiphys.world.World;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// A node with real containers: the agent, and the server by which the API server reaches it.
public final class NodeRole implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(NodeRole.class.getName());

  private final AgentServer server;
  private final NodeAgent agent;
  private final SupervisedTask renewal;

  private NodeRole(AgentServer server, NodeAgent agent, SupervisedTask renewal) {
    this.server = server;
    this.agent = agent;
    this.renewal = renewal;
  }

  /// Starts it. The node gets ready by itself.
  ///
  /// @param node its name, addresses and name servers
  /// @param machinery what runs the containers; stays the caller's
  /// @param network of its Pods; stays the caller's
  /// @param certificates where the server's own certificate comes from
  /// @param clients the authorities of the clients that may ask the server
  /// @param more what the server's `/metrics` tells besides, of other parts on this node
  /// @throws CliException if it can't be
  public static NodeRole start(
      World world,
      Api api,
      NodeSettings node,
      DataDirectory data,
      ContainerMachinery machinery,
      NetworkRole network,
      Certificates certificates,
      List<X509Certificate> clients,
      Consumer<Exposition> more)
      throws InterruptedException {
    ContainerRuntime runtime = machinery.containerd().runtime();
    RenewedCredential own =
        certificates.renewed("kubelet", Subject.server("system:node:" + node.name(), names(node)));
    NodeSettings unbound =
        node.withCgroup(ContainerMachinery.cgroup(data)).withData(root(node.data()));
    AgentServer server =
        new AgentServer(world, api, runtime, unbound, settings(own.get(), clients));
    try {
      NodeSettings settings = unbound.withPort(listen(server));
      NodeAgent agent = NodeAgent.ofThisMachine(world, api, settings, runtime, network);
      server.volumes(agent.volumeUsages(), more.andThen(agent::write));
      server.probes(agent::writeProbes);
      server.proxy(network::metrics);
      agent.start();
      return new NodeRole(
          server,
          agent,
          Renewal.start(
              world,
              "kubelet-certificate",
              own.get(),
              own,
              next -> server.secure(settings(next, clients))));
    } catch (IOException e) {
      server.close();
      throw new CliException("cannot start the node's agent: " + e.getMessage(), e);
    }
  }

  /// The agent's directory by the name that storage drivers expect, if it can have that.
  private static Path root(Path data) {
    try {
      Path root = UsualRoot.claim(UsualRoot.PATH, Files.createDirectories(data));
      if (root.equals(data)) {
        LOG.log(
            Level.INFO,
            "{0} belongs to something else: storage drivers have to be told of {1}",
            UsualRoot.PATH,
            data);
      }
      return root;
    } catch (IOException e) {
      LOG.log(Level.WARNING, "{0} cannot be made: {1}", UsualRoot.PATH, e);
      return data;
    }
  }

  /// What clients may call it.
  private static List<String> names(NodeSettings node) {
    List<String> names = new ArrayList<>(List.of(node.name()));
    names.addAll(node.addresses());
    return names;
  }

  private static TlsSettings settings(Credential own, List<X509Certificate> clients) {
    return new TlsSettings(own.key(), own.chain(), clients);
  }

  /// The usual port, or any if another node of this machine has it: the Node says which.
  private static int listen(AgentServer server) throws IOException {
    try {
      return server.listen(NodeSettings.DEFAULT_PORT);
    } catch (IOException _) {
      return server.listen(0);
    }
  }

  /// Ends the agent. Its containers run on.
  @Override
  public void close() {
    renewal.close();
    server.close();
    agent.close();
  }
}
