package dev.tiphys.apiserver.streaming;

import dev.tiphys.apiserver.http.Connectors;
import dev.tiphys.apiserver.http.ResourceRequest;
import dev.tiphys.client.ApiException;
import dev.tiphys.client.Reason;
import dev.tiphys.http.Exchange;
import dev.tiphys.http.SpdyClient;
import dev.tiphys.http.UpgradeRefusedException;
import dev.tiphys.http.UpgradedConnection;
import dev.tiphys.http.WebSocket;
import dev.tiphys.object.Struct;
import dev.tiphys.world.Task;
import dev.tiphys.world.World;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// `pods/exec`, `pods/attach` and `pods/portforward`: the client's connection is joined with one to
/// the node's agent.
///
/// A client that speaks SPDY, or WebSockets in the form that agents understand, is joined byte by
/// byte. The newer forms of WebSockets are translated: for commands the streams, for forwarded
/// ports only the framing.
public final class SessionConnector implements Connectors.Connector {

  private static final String TRANSLATED = "v5.channel.k8s.io";
  private static final String TUNNELLED = "SPDY/3.1+portforward.k8s.io";
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
    Exchange exchange = request.exchange();
    if (exchange.header("upgrade") == null) {
      throw ApiException.badRequest("Upgrade request required");
    }
    Struct pod =
        request
            .target()
            .endpoint()
            .registry()
            .get(request.target().namespace(), request.target().name())
            .object();
    NodeAgent agent = agents.of(pod);
    String path = path(request, pod);
    List<String> offered = WebSocket.offered(exchange);
    try {
      if (WebSocket.isAskedFor(exchange) && offered.contains(TRANSLATED)) {
        translate(request, agent, path);
      } else if (WebSocket.isAskedFor(exchange) && offered.contains(TUNNELLED)) {
        tunnel(request, agent, path);
      } else {
        join(request, agent, path);
      }
    } catch (IOException e) {
      throw ApiException.of(Reason.INTERNAL_ERROR, "error dialing backend: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private String path(ResourceRequest request, Struct pod) {
    String target = request.target().namespace() + "/" + request.target().name();
    List<String> query = new ArrayList<>();
    if (action.equals("portForward")) {
      request.parameters().all("ports").forEach(port -> query.add("port=" + port));
      return "/portForward/" + target + joined(query);
    }
    String container = Containers.choose(pod, request.parameters().text("container"));
    request
        .parameters()
        .all("command")
        .forEach(word -> query.add("command=" + URLEncoder.encode(word, StandardCharsets.UTF_8)));
    add(query, request, "stdin", "input", false);
    add(query, request, "stdout", "output", action.equals("attach"));
    add(query, request, "stderr", "error", action.equals("attach"));
    add(query, request, "tty", "tty", false);
    return "/" + action + "/" + target + "/" + container + joined(query);
  }

  private static void add(
      List<String> query, ResourceRequest request, String ours, String agents, boolean usual) {
    boolean wanted = request.parameters().has(ours) ? request.parameters().isTrue(ours) : usual;
    if (wanted) {
      query.add(agents + "=1");
    }
  }

  private static String joined(List<String> query) {
    return query.isEmpty() ? "" : "?" + String.join("&", query);
  }

  /// Joins the two connections as they are.
  private void join(ResourceRequest request, NodeAgent agent, String path) throws IOException {
    Exchange exchange = request.exchange();
    ask(agent, exchange.method(), path, UpgradedConnection.wishesOf(exchange))
        .join(world, exchange);
  }

  private UpgradedConnection spdy(NodeAgent agent, String path, String version) throws IOException {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Connection", "Upgrade");
    headers.put("Upgrade", "SPDY/3.1");
    headers.put(STREAM_VERSION, version);
    return ask(agent, "POST", path, headers);
  }

  private UpgradedConnection ask(
      NodeAgent agent, String method, String path, Map<String, String> headers) throws IOException {
    try {
      return UpgradedConnection.ask(
          agents.connect(agent, path), agent.authority(), method, path, headers);
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
  private void tunnel(ResourceRequest request, NodeAgent agent, String path) throws IOException {
    Socket socket = spdy(agent, path, "portforward.k8s.io").socket();
    WebSocket client = WebSocket.accept(request.exchange(), TUNNELLED);
    Task upward =
        world.start(
            "session-upward",
            () -> {
              try {
                for (byte[] bytes = client.read(); bytes != null; bytes = client.read()) {
                  socket.getOutputStream().write(bytes);
                  socket.getOutputStream().flush();
                }
              } catch (IOException e) {
                // one of the two has gone
              }
              closeQuietly(socket);
            });
    UpgradedConnection.copy(socket.getInputStream(), new MessagesOut(client));
    closeQuietly(client);
    closeQuietly(socket);
    upward.interrupt();
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

  private void translate(ResourceRequest request, NodeAgent agent, String path)
      throws IOException, InterruptedException {
    Socket socket = spdy(agent, path, "v4.channel.k8s.io").socket();
    try (SpdyClient spdy =
        new SpdyClient(world, socket.getInputStream(), socket.getOutputStream())) {
      boolean attaches = action.equals("attach");
      StreamTranslator.Wanted wanted =
          new StreamTranslator.Wanted(
              request.parameters().isTrue("stdin"),
              attaches && !request.parameters().has("stdout")
                  || request.parameters().isTrue("stdout"),
              (attaches && !request.parameters().has("stderr")
                      || request.parameters().isTrue("stderr"))
                  && !request.parameters().isTrue("tty"),
              request.parameters().isTrue("tty"));
      try (WebSocket client = WebSocket.accept(request.exchange(), TRANSLATED)) {
        new StreamTranslator(world, client, spdy, wanted).run();
      }
    } finally {
      closeQuietly(socket);
    }
  }
}
