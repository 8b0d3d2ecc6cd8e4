package dev.tiphys.monitoring.program;

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
import java.util.function.UnaryOperator;

/// A server of the Prometheus family that is a child of this process: at `/-/ready` it says whether
/// it answers, and at `/-/reload` it reads its configuration again.
///
/// Threads: any.
public final class ChildServer implements Server {

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

  private ChildServer(
      World world, InetSocketAddress address, CommandLine command, Consumer<ProgramState> told) {
    this.address = address;
    this.program = ChildProgram.start(world, command, this::isReady, told);
  }

  /// Starts one, in the background.
  ///
  /// @param words the program, and its arguments but for where it listens
  /// @param listen the address of this machine that it listens on, at a port that is free
  /// @param user the words that run a program as the user that it is to run as, asked before each
  ///   run
  /// @param told of each change of its state, on a thread of its own
  public static ChildServer start(
      World world,
      String name,
      List<String> words,
      InetAddress listen,
      Path directory,
      UnaryOperator<List<String>> user,
      Consumer<ProgramState> told) {
    InetSocketAddress address = free(listen);
    List<String> all = new ArrayList<>(words);
    all.add(1, "--web.listen-address=" + authority(address));
    return new ChildServer(world, address, new CommandLine(name, all, directory, user), told);
  }

  private static InetSocketAddress free(InetAddress listen) {
    try (ServerSocket socket = new ServerSocket(0, 1, listen)) {
      return new InetSocketAddress(listen, socket.getLocalPort());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// An address as it stands in URLs.
  public static String authority(InetSocketAddress address) {
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
  public String get(String path) throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder(at(path))).body();
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
