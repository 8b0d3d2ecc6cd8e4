package dev.tiphys.node.server;

import dev.tiphys.http.Exchange;
import dev.tiphys.http.client.RequestTarget;
import dev.tiphys.http.client.UpgradeRefusedException;
import dev.tiphys.http.client.UpgradedConnection;
import dev.tiphys.node.runtime.ContainerRuntime;
import dev.tiphys.node.runtime.RuntimeFailure;
import dev.tiphys.node.runtime.Streams;
import dev.tiphys.world.World;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/// `/exec`, `/attach` and `/portForward`: the caller's connection is joined with one to the
/// runtime's own streaming server.
final class SessionEndpoint {

  private final World world;
  private final ContainerRuntime runtime;

  SessionEndpoint(World world, ContainerRuntime runtime) {
    this.world = world;
    this.runtime = runtime;
  }

  void exec(Exchange exchange, ContainerChoice choice, Query query)
      throws Refusal, InterruptedException {
    String id = choice.running();
    Streams streams = streams(query);
    join(exchange, () -> runtime.exec(id, query.all("command"), streams));
  }

  void attach(Exchange exchange, ContainerChoice choice, Query query)
      throws Refusal, InterruptedException {
    String id = choice.running();
    Streams streams = streams(query);
    join(exchange, () -> runtime.attach(id, streams));
  }

  void portForward(Exchange exchange, String sandbox, Query query)
      throws Refusal, InterruptedException {
    List<Integer> ports = new ArrayList<>();
    for (String port : query.all("port")) {
      try {
        ports.add(Integer.parseInt(port));
      } catch (NumberFormatException e) {
        throw Refusal.badRequest("no port: \"" + port + "\"");
      }
    }
    join(exchange, () -> runtime.portForward(sandbox, ports));
  }

  private static Streams streams(Query query) throws Refusal {
    boolean tty = query.isTrue("tty");
    Streams streams =
        new Streams(
            query.isTrue("input"), query.isTrue("output"), query.isTrue("error") && !tty, tty);
    if (!streams.stdin() && !streams.stdout() && !streams.stderr()) {
      throw Refusal.badRequest("you must specify at least 1 of stdin, stdout, stderr");
    }
    return streams;
  }

  /// Prepares a session, and tells where it waits to be taken up.
  private interface Preparation {
    URI prepare() throws InterruptedException;
  }

  private void join(Exchange exchange, Preparation preparation)
      throws Refusal, InterruptedException {
    try {
      URI place = preparation.prepare();
      UpgradedConnection.ask(
              new Socket(place.getHost(), place.getPort()),
              place.getAuthority(),
              exchange.method(),
              new RequestTarget(
                  place.getRawPath()
                      + (place.getRawQuery() == null ? "" : "?" + place.getRawQuery())),
              UpgradedConnection.upgradeHeaders(exchange))
          .join(world, exchange);
    } catch (RuntimeFailure e) {
      throw Refusal.internal(String.valueOf(e.getMessage()));
    } catch (UpgradeRefusedException e) {
      throw e.status() < 500
          ? Refusal.badRequest(String.valueOf(e.getMessage()))
          : Refusal.internal(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw Refusal.internal("the runtime's streaming server failed: " + e.getMessage());
    }
  }
}
