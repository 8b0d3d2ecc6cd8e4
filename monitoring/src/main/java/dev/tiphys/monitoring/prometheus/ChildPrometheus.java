package dev.tiphys.monitoring.prometheus;

import dev.tiphys.monitoring.program.ChildProgram;
import dev.tiphys.monitoring.program.CommandLine;
import dev.tiphys.monitoring.program.ProgramState;
import dev.tiphys.monitoring.query.PrometheusQueries;
import dev.tiphys.monitoring.query.QueryException;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.EncodingException;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.world.World;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// A Prometheus that is a child of this process.
///
/// Threads: any.
final class ChildPrometheus implements PrometheusServer {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration CONNECTING = Duration.ofSeconds(2);
  private static final int OK = 200;

  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECTING)
          .build();
  private final InetSocketAddress address;
  private final ChildProgram program;

  private ChildPrometheus(
      World world, InetSocketAddress address, CommandLine command, Consumer<ProgramState> told) {
    this.address = address;
    this.program = ChildProgram.start(world, command, this::isReady, told);
  }

  static ChildPrometheus start(
      World world,
      String program,
      InetAddress listen,
      Path directory,
      List<String> flags,
      Consumer<ProgramState> told) {
    InetSocketAddress address = free(listen);
    List<String> words = new ArrayList<>();
    words.add(program);
    words.add("--web.listen-address=" + authority(address));
    words.addAll(flags);
    return new ChildPrometheus(
        world, address, new CommandLine("prometheus", words, directory), told);
  }

  private static InetSocketAddress free(InetAddress listen) {
    try (ServerSocket socket = new ServerSocket(0, 1, listen)) {
      return new InetSocketAddress(listen, socket.getLocalPort());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String authority(InetSocketAddress address) {
    String host = address.getAddress().getHostAddress();
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
  }

  @Override
  public ProgramState state() {
    return program.state();
  }

  @Override
  public InetSocketAddress address() {
    return address;
  }

  private boolean isReady() {
    try {
      return send(HttpRequest.newBuilder(at("/-/ready"))).statusCode() == OK;
    } catch (IOException _) {
      return false; // it does not listen yet
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Override
  public String reload() throws InterruptedException {
    try {
      HttpResponse<String> answer =
          send(HttpRequest.newBuilder(at("/-/reload")).POST(HttpRequest.BodyPublishers.noBody()));
      return answer.statusCode() == OK ? "" : answer.body().strip();
    } catch (IOException e) {
      return "it does not answer: " + e.getMessage();
    }
  }

  @Override
  public List<Struct> targets() throws QueryException, InterruptedException {
    return new PrometheusQueries(this::ask).activeTargets();
  }

  private Struct ask(String path) throws QueryException, InterruptedException {
    try {
      return Json.struct(send(HttpRequest.newBuilder(at(path))).body());
    } catch (IOException | EncodingException e) {
      throw new QueryException("", "it does not answer: " + e.getMessage());
    }
  }

  private URI at(String path) {
    return URI.create("http://" + authority(address) + path);
  }

  private HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return client.send(request.timeout(PATIENCE).build(), HttpResponse.BodyHandlers.ofString());
  }

  @Override
  public void close() {
    program.close();
    client.close();
  }
}
