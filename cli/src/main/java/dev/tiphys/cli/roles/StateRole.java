package dev.tiphys.cli.roles;

import dev.tiphys.apiserver.request.UserInfo;
import dev.tiphys.cli.machine.CliException;
import dev.tiphys.cli.machine.HostAddress;
import dev.tiphys.cli.machine.HostName;
import dev.tiphys.client.Api;
import dev.tiphys.monitoring.state.StateRegistration;
import dev.tiphys.monitoring.state.StateServer;
import dev.tiphys.world.World;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/// What the cluster's objects say, as metrics.
public final class StateRole implements AutoCloseable {

  private static final String PROGRAM = StateRegistration.NAME;
  private static final String USER = "system:tiphys:" + PROGRAM;

  private final StateServer server;
  private final StateRegistration registration;

  private StateRole(StateServer server, StateRegistration registration) {
    this.server = server;
    this.registration = registration;
  }

  /// Starts it, beside the API server that it follows.
  ///
  /// @throws CliException if it cannot listen
  public static StateRole start(World world, ApiServerRole beside) {
    Api api = beside.api(UserInfo.of(USER, UserInfo.AUTHENTICATED), PROGRAM, PROGRAM);
    StateServer server = new StateServer(world, api);
    try {
      beside.beside(PROGRAM, StateRegistration.serverName(), server::secure);
      InetSocketAddress bound =
          server.start(new InetSocketAddress(InetAddress.ofLiteral(HostAddress.find()), 0));
      StateRegistration registration = new StateRegistration(world, api, bound, HostName.find());
      registration.start();
      return new StateRole(server, registration);
    } catch (IOException e) {
      server.close();
      throw new CliException(
          "cannot serve metrics of the cluster's objects (%s); leave them to another program with --without metrics"
              .formatted(e.getMessage()),
          e);
    }
  }

  @Override
  public void close() {
    registration.close();
    server.close();
  }
}
