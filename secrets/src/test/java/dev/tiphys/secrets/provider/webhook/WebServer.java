package dev.tiphys.secrets.provider.webhook;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/// A web server that keeps what it is sent by its path.
public final class WebServer implements AutoCloseable {

  public final Map<String, String> contents = new ConcurrentHashMap<>();

  /// What was asked, in order: `GET /path?query`.
  public final List<String> asked = new CopyOnWriteArrayList<>();

  /// What the last request had as header `X-Token`.
  public volatile String token = "";

  /// What the last request had as content.
  public volatile String body = "";

  /// What everything is answered with; zero for what belongs.
  public volatile int status;

  private final HttpServer server;

  public WebServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.setExecutor(command -> Thread.ofVirtual().start(command));
    server.start();
  }

  public String place() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private void answer(HttpExchange exchange) throws IOException {
    String method = exchange.getRequestMethod();
    String path = exchange.getRequestURI().getPath();
    body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    token = String.valueOf(exchange.getRequestHeaders().getFirst("X-Token"));
    asked.add(method + " " + exchange.getRequestURI());
    String content = contents.get(path);
    switch (method) {
      case "POST", "PUT" -> contents.put(path, body);
      case "DELETE" -> contents.remove(path);
      default -> {}
    }
    boolean found = content != null || method.equals("POST") || method.equals("PUT");
    byte[] bytes = (content == null ? "" : content).getBytes(StandardCharsets.UTF_8);
    boolean silent = method.equals("HEAD") || bytes.length == 0;
    exchange.sendResponseHeaders(
        status == 0 ? (found ? 200 : 404) : status, silent ? -1 : bytes.length);
    if (!silent) {
      exchange.getResponseBody().write(bytes);
    }
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
