package dev.tiphys.network;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/// Servers on the loopback that stand for Pods: each answers with its name, what it was asked for,
/// and the headers whose names begin with `x-test`; the host too, if `X-Ask-Host` is there.
public final class EchoPods implements AutoCloseable {

  private static final int BACKLOG = 1000;

  private final List<HttpServer> servers = new ArrayList<>();
  private final Map<String, AtomicInteger> counts = new ConcurrentHashMap<>();
  private final Map<String, Answering> answering = new ConcurrentHashMap<>();

  /// What a Pod does with a request.
  public interface Answering {
    /// @param number how many requests it has had, with this one
    /// @return the status
    int answer(HttpExchange request, int number);
  }

  /// Has a Pod answer otherwise.
  public void answer(String pod, Answering how) {
    answering.put(pod, how);
  }

  /// How many requests a Pod has had.
  public int count(String pod) {
    AtomicInteger count = counts.get(pod);
    return count == null ? 0 : count.get();
  }

  /// A new Pod of a name. Returns its port.
  public int start(String pod) throws IOException {
    return start(pod, HttpServer.create());
  }

  /// The same, with a server that speaks TLS, say.
  ///
  /// @param server not bound yet, such as an [HttpsServer]
  public int start(String pod, HttpServer server) throws IOException {
    server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", exchange -> answer(pod, exchange));
    server.start();
    servers.add(server);
    return server.getAddress().getPort();
  }

  private void answer(String pod, HttpExchange exchange) throws IOException {
    int number = counts.computeIfAbsent(pod, _ -> new AtomicInteger()).incrementAndGet();
    exchange.getRequestBody().readAllBytes();
    Answering how = answering.get(pod);
    int status = how == null ? 200 : how.answer(exchange, number);
    byte[] text = said(pod, exchange).getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, text.length);
    exchange.getResponseBody().write(text);
    exchange.close();
  }

  private static String said(String pod, HttpExchange exchange) {
    StringBuilder said = new StringBuilder(pod + " " + exchange.getRequestURI());
    new TreeMap<>(exchange.getRequestHeaders())
        .forEach(
            (name, values) -> {
              if (name.regionMatches(true, 0, "x-test", 0, 6)) {
                said.append(' ').append(name.toLowerCase(Locale.ROOT));
                said.append('=').append(String.join(",", values));
              }
            });
    if (exchange.getRequestHeaders().containsKey("X-Ask-Host")) {
      said.append(" host=").append(exchange.getRequestHeaders().getFirst("Host"));
    }
    return said.toString();
  }

  @Override
  public void close() {
    servers.forEach(each -> each.stop(0));
  }
}
