package dev.tiphys.cli.roles;

import dev.tiphys.apiserver.request.UserInfo;
import dev.tiphys.cli.machine.CliException;
import dev.tiphys.cli.machine.HostAddress;
import dev.tiphys.cli.machine.HostName;
import dev.tiphys.client.Api;
import dev.tiphys.client.http.HttpApi;
import dev.tiphys.client.http.Kubeconfig;
import dev.tiphys.monitoring.metricsapi.MetricsServer;
import dev.tiphys.monitoring.metricsapi.Registration;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Reason;
import dev.tiphys.pki.Subject;
import dev.tiphys.world.World;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

/// What nodes and Pods use, for `kubectl top` and autoscalers.
public final class MetricsRole implements AutoCloseable {

  private static final String PROGRAM = "metrics-server";
  private static final String USER = "system:tiphys:metrics-server";

  /// In this order nodes are asked at their addresses.
  private static final List<String> ADDRESSES = List.of("InternalIP", "ExternalIP", "Hostname");

  private final MetricsServer server;
  private final Registration registration;

  private MetricsRole(MetricsServer server, Registration registration) {
    this.server = server;
    this.registration = registration;
  }

  /// Starts it, beside the API server that passes requests on to it.
  ///
  /// @throws CliException if it cannot listen
  public static MetricsRole start(World world, ApiServerRole beside) {
    Kubeconfig.Access access = beside.client(PROGRAM + "-client", Subject.client(USER));
    // As API servers do: agents of nodes may have certificates that no authority vouches for.
    HttpApi client = new HttpApi(world, access.with(access.more().believing()), PROGRAM);
    Api api = beside.api(UserInfo.of(USER, UserInfo.AUTHENTICATED), PROGRAM, PROGRAM);
    MetricsServer server =
        new MetricsServer(
            world,
            api,
            node -> client.at(agent(node)).text("/metrics/resource"),
            beside.frontProxy(),
            MetricsServer.PERIOD);
    try {
      beside.behind(PROGRAM, Registration.METRICS_SERVER.serverName(), server::secure);
      InetSocketAddress bound =
          server.start(new InetSocketAddress(InetAddress.ofLiteral(HostAddress.find()), 0));
      Registration registration =
          new Registration(world, api, Registration.METRICS_SERVER, bound, HostName.find());
      registration.start();
      return new MetricsRole(server, registration);
    } catch (IOException e) {
      server.close();
      throw new CliException(
          "cannot serve metrics of nodes (%s); leave them to another program with --without metrics"
              .formatted(e.getMessage()),
          e);
    }
  }

  private static String agent(Struct node) {
    long port = node.integer("status", "daemonEndpoints", "kubeletEndpoint", "Port");
    for (String type : ADDRESSES) {
      for (Struct address : node.structs("status", "addresses")) {
        if (address.string("type").equals(type)) {
          String host = address.string("address");
          return "https://%s:%d".formatted(host.contains(":") ? "[" + host + "]" : host, port);
        }
      }
    }
    throw ApiException.of(Reason.SERVICE_UNAVAILABLE, "it has no address");
  }

  @Override
  public void close() {
    registration.close();
    server.close();
  }
}
