package dev.tiphys.node.probes;

import dev.tiphys.node.pod.PodContainer;
import dev.tiphys.node.runtime.ContainerRuntime;
import dev.tiphys.node.runtime.ExecResult;
import dev.tiphys.node.runtime.RuntimeFailure;
import dev.tiphys.object.GoDuration;
import dev.tiphys.object.Struct;
import dev.tiphys.world.World;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Does what a probe or a hook says: runs a command, sends a request, opens a connection, waits.
///
/// Threads: any.
public final class Handler {
  private static final Duration LONGEST_HOOK_REQUEST = Duration.ofSeconds(30);
  private static final int MOST_REDIRECTS = 10;

  private final World world;
  private final ContainerRuntime runtime;
  private final HttpGet http;
  private final ProbeCounts counts = new ProbeCounts();

  /// What to ask.
  ///
  /// @param id the runtime's id of the container
  /// @param address the Pod's address
  public record Target(PodContainer container, String id, String address) {}

  public Handler(World world, ContainerRuntime runtime) {
    this.world = world;
    this.runtime = runtime;
    this.http = new HttpGet(world);
  }

  /// How probes end.
  public ProbeCounts counts() {
    return counts;
  }

  /// Runs a lifecycle hook.
  ///
  /// @param limit how long it may take; zero for no limit
  /// @return what went wrong; null if nothing did
  public @Nullable String hook(Struct hook, Target target, Duration limit)
      throws InterruptedException {
    if (hook.has("sleep")) {
      Duration span = Duration.ofSeconds(hook.integer("sleep", "seconds"));
      world.sleep(!limit.isZero() && span.compareTo(limit) > 0 ? limit : span);
      return null;
    }
    Answer answer;
    if (hook.has("exec")) {
      answer = exec(hook.strings("exec", "command"), target, limit);
    } else if (hook.has("httpGet")) {
      answer =
          httpGet(hook.struct("httpGet"), target, limit.isZero() ? LONGEST_HOOK_REQUEST : limit);
    } else {
      return null; // upstream never did anything for tcpSocket
    }
    return answer.verdict() == Answer.Verdict.SUCCESS ? null : answer.message();
  }

  Answer probe(Struct probe, Target target) throws InterruptedException {
    Duration limit = Duration.ofSeconds(Math.max(1, probe.integer("timeoutSeconds")));
    if (probe.has("exec")) {
      return exec(probe.strings("exec", "command"), target, limit);
    }
    if (probe.has("httpGet")) {
      return httpGet(probe.struct("httpGet"), target, limit);
    }
    if (probe.has("tcpSocket")) {
      return tcpSocket(probe.struct("tcpSocket"), target, limit);
    }
    if (probe.has("grpc")) {
      Struct grpc = probe.struct("grpc");
      return new GrpcHealth(world)
          .ask(target.address, (int) grpc.integer("port"), grpc.string("service"), limit);
    }
    return Answer.unknown("missing probe handler for " + target.container.name());
  }

  private Answer exec(List<String> command, Target target, Duration limit)
      throws InterruptedException {
    try {
      ExecResult result = runtime.execSync(target.id, command, limit);
      String output =
          new String(result.output(), StandardCharsets.UTF_8)
              + new String(result.errors(), StandardCharsets.UTF_8);
      return result.exitCode() == 0 ? Answer.success(output) : Answer.failure(output);
    } catch (RuntimeFailure e) {
      if (e.reason() == RuntimeFailure.Reason.TIMED_OUT) {
        return Answer.failure(
            "command timed out: \"%s\" timed out after %s"
                .formatted(String.join(" ", command), GoDuration.text(limit)));
      }
      return Answer.unknown(String.valueOf(e.getMessage()));
    }
  }

  private Answer httpGet(Struct get, Target target, Duration limit) {
    int port = port(get.get("port"), target);
    if (port <= 0) {
      return Answer.unknown("invalid port number: " + get.get("port"));
    }
    String host = get.string("host").isEmpty() ? target.address : get.string("host");
    boolean tls = get.string("scheme").equalsIgnoreCase("HTTPS");
    String path = get.string("path").isEmpty() ? "/" : get.string("path");
    String slashed = path.startsWith("/") ? path : "/" + path;
    HttpGet.Request request =
        new HttpGet.Request(tls, host, port, slashed, get.structs("httpHeaders"));
    try {
      HttpGet.Response response = http.send(request, limit);
      for (int i = 0; i < MOST_REDIRECTS && isRedirect(response); i++) {
        HttpGet.Request next = redirected(request, response.location());
        if (!next.host().equals(request.host())) {
          return Answer.success("Probe terminated redirects, Response body: " + response.body());
        }
        request = next;
        response = http.send(request, limit);
      }
      return response.status() >= 200 && response.status() < 400
          ? Answer.success(response.body())
          : Answer.failure("HTTP probe failed with statuscode: " + response.status());
    } catch (SocketTimeoutException _) {
      return Answer.failure(
          "Get \"%s\": context deadline exceeded (Client.Timeout exceeded while awaiting headers)"
              .formatted(url(request)));
    } catch (IOException | IllegalArgumentException e) {
      return Answer.failure("Get \"%s\": %s".formatted(url(request), cause(e, host, port)));
    }
  }

  private static boolean isRedirect(HttpGet.Response response) {
    return response.status() >= 300 && response.status() < 400 && !response.location().isEmpty();
  }

  private static HttpGet.Request redirected(HttpGet.Request from, String location) {
    URI to = URI.create(url(from)).resolve(location);
    boolean tls = "https".equals(to.getScheme());
    int usual = tls ? 443 : 80;
    String path = to.getRawPath() == null || to.getRawPath().isEmpty() ? "/" : to.getRawPath();
    return new HttpGet.Request(
        tls,
        to.getHost() == null ? from.host() : to.getHost(),
        to.getPort() < 0 ? usual : to.getPort(),
        to.getRawQuery() == null ? path : path + "?" + to.getRawQuery(),
        from.headers());
  }

  private static String url(HttpGet.Request request) {
    String host = request.host().indexOf(':') < 0 ? request.host() : "[" + request.host() + "]";
    return (request.tls() ? "https://" : "http://")
        + host
        + ":"
        + request.port()
        + request.target();
  }

  private Answer tcpSocket(Struct tcp, Target target, Duration limit) {
    int port = port(tcp.get("port"), target);
    if (port <= 0) {
      return Answer.unknown("invalid port number: " + tcp.get("port"));
    }
    String host = tcp.string("host").isEmpty() ? target.address : tcp.string("host");
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(host, port), (int) limit.toMillis());
      return Answer.success("");
    } catch (IOException e) {
      return Answer.failure(cause(e, host, port));
    }
  }

  /// What is wrong, as Go's network library says it.
  private static String cause(Exception e, String host, int port) {
    String address = (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    String message = String.valueOf(e.getMessage());
    if (e instanceof SocketTimeoutException) {
      return "dial tcp " + address + ": i/o timeout";
    }
    if (message.contains("Connection refused")) {
      return "dial tcp " + address + ": connect: connection refused";
    }
    if (message.contains("No route to host")) {
      return "dial tcp " + address + ": connect: no route to host";
    }
    return message;
  }

  /// A port by number, or by the name that the container gives it; -1 if there is none.
  private static int port(@Nullable Object port, Target target) {
    if (port instanceof Long number) {
      return Math.toIntExact(number);
    }
    for (Struct named : target.container.spec().structs("ports")) {
      if (named.string("name").equals(port)) {
        return (int) named.integer("containerPort");
      }
    }
    return -1;
  }
}
