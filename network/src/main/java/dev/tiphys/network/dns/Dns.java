package dev.tiphys.network.dns;

import dev.tiphys.client.Api;
import dev.tiphys.client.EventRecorder;
import dev.tiphys.network.LiveChanges;
import dev.tiphys.network.dns.corefile.Corefile;
import dev.tiphys.network.dns.message.Name;
import dev.tiphys.network.dns.records.ClusterNames;
import dev.tiphys.network.dns.records.Zone;
import dev.tiphys.network.dns.server.DnsServer;
import dev.tiphys.world.World;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/// The DNS server of one node: answers for the names of the cluster, and has other servers asked
/// for the rest.
///
/// Each node can have one; Pods ask that of their own node, or any other if it has none. Answers
/// about the cluster go on while the API is away.
///
/// Threads: any.
public final class Dns implements AutoCloseable {

  private static final int DNS_PORT = 53;

  private final DnsSettings settings;
  private final DnsMetrics metrics = new DnsMetrics();
  private final LiveChanges live = new LiveChanges();
  private final EventRecorder events;
  private final ClusterNames names;
  private final Configuration configuration;
  private final Walks walks;
  private final Clients clients;
  private final List<DnsServer> servers = new ArrayList<>();
  private final DnsPages pages;
  private final DnsObjects objects;
  private int port;

  /// Begins to listen. Queries are answered from [#start] on.
  ///
  /// @param api as the DNS sees it
  /// @throws IOException if it cannot listen
  public Dns(World world, Api api, DnsSettings settings) throws IOException {
    this.settings = settings;
    this.port = settings.port();
    this.events = new EventRecorder(world, api, "coredns", settings.node());
    this.names =
        new ClusterNames(
            world,
            api,
            new Zone(Name.of(settings.domain()), Corefile.DEFAULT_TTL, true),
            settings.service(),
            live);
    this.configuration = new Configuration(world, settings, names, metrics, events, this::isOwn);
    this.walks = new Walks(world, api, settings);
    this.clients = new Clients(world, api, settings.addresses());
    Resolver resolver = new Resolver(clients, names, configuration, walks);
    try {
      for (InetAddress each : settings.addresses()) {
        DnsServer server =
            DnsServer.listen(world, each, port, settings.threads(), resolver, metrics);
        servers.add(server);
        port = server.port();
      }
      this.pages =
          new DnsPages(
              world,
              settings.addresses().getFirst(),
              settings.pagesPort(),
              names::complete,
              this::metrics,
              live);
    } catch (IOException e) {
      servers.forEach(DnsServer::close);
      events.close();
      throw e;
    }
    this.objects = new DnsObjects(world, api, settings, port, pages.port(), configuration::follow);
  }

  /// Whether an address is one under which servers of this cluster are asked.
  private boolean isOwn(InetSocketAddress server) {
    return server.getPort() == DNS_PORT && settings.service().contains(server.getAddress())
        || server.getPort() == port && settings.addresses().contains(server.getAddress());
  }

  private String metrics() {
    return metrics.page(configuration.remembered(false), configuration.remembered(true));
  }

  /// Starts to answer, and returns at once.
  public void start() {
    configuration.followDefault();
    names.start();
    walks.start();
    clients.start();
    servers.forEach(DnsServer::start);
    objects.start();
  }

  /// Where queries are answered, by datagram and by stream.
  public int port() {
    return port;
  }

  /// Where `/health`, `/ready` and `/metrics` are.
  public int pagesPort() {
    return pages.port();
  }

  /// Whether the cluster's names are known.
  public boolean ready() {
    return names.complete();
  }

  /// Ends it: first nobody is sent here any more.
  @Override
  public void close() {
    objects.close();
    servers.forEach(DnsServer::close);
    pages.close();
    names.close();
    walks.close();
    clients.close();
    events.close();
  }
}
