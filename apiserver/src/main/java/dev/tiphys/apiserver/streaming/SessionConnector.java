package dev.tiphys.apiserver.streaming;

import dev.tiphys.apiserver.endpoints.Target;
import dev.tiphys.apiserver.http.Connectors;
import dev.tiphys.apiserver.http.ResourceRequest;
import dev.tiphys.http.Exchange;
import dev.tiphys.http.Header;
import dev.tiphys.http.WebSocket;
import dev.tiphys.http.client.RequestTarget;
import dev.tiphys.http.client.SpdyClient;
import dev.tiphys.http.client.UpgradeRefusedException;
import dev.tiphys.http.client.UpgradedConnection;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Reason;
import dev.tiphys.world.Task;
import dev.tiphys.world.World;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.util.Arrays;
import java.util.List;

/// `pods/exec`, `pods/attach` and `pods/portforward`: the client's connection is joined with one to
/// the node's agent.
///
/// A client that speaks SPDY, or WebSockets in the form that agents understand, is joined byte by
/// byte. The newer forms of WebSockets are translated: for commands the streams, for forwarded
/// ports only the framing.
public final class SessionConnector implements Connectors.Connector {

  private static final String STREAM_VERSION = "X-Stream-Protocol-Version";

  private final World world;
  private final NodeAgents agents;
  private final String action;

  /// @param action what agents call it: `exec`, `attach` or `portForward`
  public SessionConnector(World world, NodeAgents agents, String action) {
    this.world = world;
    this.agents = agents;
    this.action = action;
  }

  @Override
  public void connect(ResourceRequest request) {
    List<Integer> ports = PortForwardPorts.parse(request.parameters().all("ports"));
    Struct pod =
        request
            .target()
            .endpoint()
            .registry()
            .get(request.target().namespace(), request.target().name())
            .object();
    RequestTarget target = forwardsPorts() ? target(request, ports) : target(request, pod);
    NodeAgent agent = agents.of(pod);
    Exchange exchange = request.exchange();
    if (exchange.header("upgrade") == null) {
      throw ApiException.badRequest("Upgrade request required");
    }
    try {
      switch (SessionProtocol.choose(exchange, forwardsPorts())) {
        case SessionProtocol.Streams() -> translate(request, agent, target);
        case SessionProtocol.Tunnelled() -> tunnel(request, agent, target);
        case SessionProtocol.AsItIs(List<Header> headers) -> join(request, agent, target, headers);
      }
    } catch (IOException e) {
      throw ApiException.of(Reason.INTERNAL_ERROR, "error dialing backend: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean forwardsPorts() {
    return action.equals("portForward");
  }

  private RequestTarget target(ResourceRequest request, List<Integer> ports) {
    RequestTarget target =
        RequestTarget.of(action, request.target().namespace(), request.target().name());
    for (int port : ports) {
      target = target.with("port", Integer.toString(port));
    }
    return target;
  }

  private RequestTarget target(ResourceRequest request, Struct pod) {
    Target pods = request.target();
    String container = Containers.choose(pod, request.parameters().text("container"));
    RequestTarget target = RequestTarget.of(action, pods.namespace(), pods.name(), container);
    for (String word : request.parameters().all("command")) {
      target = target.with("command", word);
    }
    StreamChoice streams = StreamChoice.of(request.parameters(), action.equals("attach"));
    return target(target, streams);
  }

  private static RequestTarget target(RequestTarget target, StreamChoice streams) {
    RequestTarget all = target;
    all = streams.stdin() ? all.with("input", "1") : all;
    all = streams.stdout() ? all.with("output", "1") : all;
    all = streams.stderr() ? all.with("error", "1") : all;
    return streams.tty() ? all.with("tty", "1") : all;
  }

  /// Joins the two connections as they are.
  ///
  /// @param headers by which the client asked for the upgrade
  private void join(
      ResourceRequest request, NodeAgent agent, RequestTarget target, List<Header> headers)
      throws IOException {
    Exchange exchange = request.exchange();
    UpgradedConnection upgraded = ask(agent, exchange.method(), target, headers);
    request.response().switchProtocol();
    upgraded.join(world, exchange);
  }

  private UpgradedConnection spdy(NodeAgent agent, RequestTarget target, String version)
      throws IOException {
    return ask(
        agent,
        "POST",
        target,
        List.of(
            new Header("Connection", "Upgrade"),
            new Header("Upgrade", "SPDY/3.1"),
            new Header(STREAM_VERSION, version)));
  }

  private UpgradedConnection ask(
      NodeAgent agent, String method, RequestTarget target, List<Header> headers)
      throws IOException {
    try {
      return UpgradedConnection.ask(
          agents.connect(agent, target), agent.authority(), method, target, headers);
    } catch (UpgradeRefusedException e) {
      String message = "unable to upgrade connection: " + e.getMessage();
      boolean bad = e.status() >= 400 && e.status() < 500;
      throw ApiException.of(bad ? Reason.BAD_REQUEST : Reason.INTERNAL_ERROR, message);
    }
  }

  static void closeQuietly(AutoCloseable closeable) {
    try {
      closeable.close();
    } catch (Exception e) {
      // it was broken already
    }
  }

  /// Takes the frames of WebSockets off, and leaves SPDY in them to the agent.
  private void tunnel(ResourceRequest request, NodeAgent agent, RequestTarget target)
      throws IOException {
    UpgradedConnection upgraded = spdy(agent, target, "portforward.k8s.io");
    request.response().switchProtocol();
    WebSocket client = WebSocket.accept(request.exchange(), SessionProtocol.TUNNELLED);
    Task upward = world.start("session-upward", () -> unwrap(client, upgraded.socket()));
    UpgradedConnection.copy(upgraded.input(), new MessagesOut(client));
    closeQuietly(client);
    upgraded.close();
    upward.interrupt();
  }

  private static void unwrap(WebSocket client, Socket socket) {
    try {
      for (byte[] bytes = client.read(); bytes != null; bytes = client.read()) {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
      }
    } catch (IOException e) {
      // one of the two has gone, which ends the session
    }
    closeQuietly(socket);
  }

  /// Sends each piece as a message.
  private static final class MessagesOut extends OutputStream {
    private final WebSocket socket;

    MessagesOut(WebSocket socket) {
      this.socket = socket;
    }

    @Override
    public void write(int single) throws IOException {
      socket.write(new byte[] {(byte) single});
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      socket.write(Arrays.copyOfRange(bytes, offset, offset + length));
    }
  }

  private void translate(ResourceRequest request, NodeAgent agent, RequestTarget target)
      throws IOException, InterruptedException {
    try (UpgradedConnection upgraded = spdy(agent, target, "v4.channel.k8s.io");
        SpdyClient spdy =
            new SpdyClient(world, upgraded.input(), upgraded.socket().getOutputStream())) {
      request.response().switchProtocol();
      try (WebSocket client = WebSocket.accept(request.exchange(), SessionProtocol.STREAMS)) {
        StreamChoice streams = StreamChoice.of(request.parameters(), action.equals("attach"));
        new StreamTranslator(world, client, spdy, streams).run();
      } catch (IOException e) {
        // one of the two has gone, which ends the session
      }
    }
  }
}
