package dev.tiphys.node.probes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.node.pod.PodContainer;
import dev.tiphys.node.probes.Answer.Verdict;
import dev.tiphys.node.runtime.FakeRuntime;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Yaml;
import dev.tiphys.world.RealWorld;
import dev.tiphys.world.Task;
import dev.tiphys.world.World;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Probes of a server on this machine.
class HandlerTest {
  private final World world = new RealWorld();
  private final Handler handler = new Handler(world, new FakeRuntime(world));
  private final List<String> heard = Collections.synchronizedList(new ArrayList<>());
  private ServerSocket server;
  private Task task;

  /// What the server does with a connection.
  private interface Service {
    void serve(Socket socket) throws IOException;
  }

  @BeforeEach
  void listen() throws Exception {
    server = new ServerSocket(0);
  }

  @AfterEach
  void close() throws Exception {
    server.close();
    if (task != null) {
      task.join();
    }
  }

  private void serve(Service service) {
    task =
        world.start(
            "server",
            () -> {
              while (!server.isClosed()) {
                try (Socket socket = server.accept()) {
                  service.serve(socket);
                } catch (IOException _) {
                  // closed
                }
              }
            });
  }

  private void answer(String... responses) {
    List<String> left = new ArrayList<>(List.of(responses));
    serve(
        socket -> {
          BufferedReader in =
              new BufferedReader(
                  new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
          for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
            heard.add(line);
          }
          String response = left.size() > 1 ? left.removeFirst() : left.getFirst();
          socket.getOutputStream().write(response.getBytes(StandardCharsets.UTF_8));
        });
  }

  private Answer probe(String yaml) throws Exception {
    Struct container =
        Yaml.struct(
            "{name: c, ports: [{name: web, containerPort: %d}]}".formatted(server.getLocalPort()));
    Struct probe = Yaml.struct(yaml.replace("PORT", Integer.toString(server.getLocalPort())));
    return handler.probe(
        probe.has("timeoutSeconds") ? probe : probe.with("timeoutSeconds", 60L),
        new Handler.Target(
            new PodContainer(PodContainer.Kind.REGULAR, container), "id", "127.0.0.1"));
  }

  @Test
  void aGoodAnswerIsASuccess() throws Exception {
    answer("HTTP/1.1 204 No Content\r\n\r\n");

    assertThat(probe("httpGet: {port: web, path: /ok?x=1}").verdict()).isEqualTo(Verdict.SUCCESS);
    assertThat(heard)
        .contains(
            "GET /ok?x=1 HTTP/1.1",
            "Host: 127.0.0.1:" + server.getLocalPort(),
            "User-Agent: kube-probe/1.36",
            "Accept: */*");
  }

  @Test
  void headersCanBeGiven() throws Exception {
    answer("HTTP/1.1 200 OK\r\n\r\n");

    probe("httpGet: {port: PORT, httpHeaders: [{name: Host, value: x}, {name: A, value: b}]}");

    assertThat(heard).contains("Host: x", "A: b", "GET / HTTP/1.1");
  }

  @Test
  void aBadAnswerIsAFailure() throws Exception {
    answer("HTTP/1.1 503 Busy\r\n\r\nlater");

    assertThat(probe("httpGet: {port: PORT}"))
        .isEqualTo(Answer.failure("HTTP probe failed with statuscode: 503"));
  }

  @Test
  void redirectionsAreFollowedOnTheSameHost() throws Exception {
    answer("HTTP/1.1 302 Found\r\nLocation: /there\r\n\r\n", "HTTP/1.1 500 Broken\r\n\r\n");

    assertThat(probe("httpGet: {port: PORT}").message()).contains("500");
    assertThat(heard).contains("GET /there HTTP/1.1");
  }

  @Test
  void redirectionsToOthersAreSuccess() throws Exception {
    answer("HTTP/1.1 302 Found\r\nLocation: http://elsewhere.example/\r\n\r\n");

    assertThat(probe("httpGet: {port: PORT}").verdict()).isEqualTo(Verdict.SUCCESS);
  }

  @Test
  void whoTakesTooLongFails() throws Exception {
    serve(
        socket -> {
          while (socket.getInputStream().read() >= 0) {
            // never answers
          }
        });

    assertThat(probe("{httpGet: {port: PORT}, timeoutSeconds: 1}").message())
        .isEqualTo(
            "Get \"http://127.0.0.1:%d/\": context deadline exceeded (Client.Timeout exceeded while awaiting headers)"
                .formatted(server.getLocalPort()));
  }

  @Test
  void nobodyThereIsAFailure() throws Exception {
    assertThat(probe("tcpSocket: {port: 1}"))
        .isEqualTo(Answer.failure("dial tcp 127.0.0.1:1: connect: connection refused"));
    assertThat(probe("httpGet: {port: 1}").message())
        .isEqualTo(
            "Get \"http://127.0.0.1:1/\": dial tcp 127.0.0.1:1: connect: connection refused");
  }

  @Test
  void anOpenPortIsASuccess() throws Exception {
    assertThat(probe("tcpSocket: {port: web}").verdict()).isEqualTo(Verdict.SUCCESS);
  }

  @Test
  void aGrpcServerSaysHowItIs() throws Exception {
    serve(socket -> answerGrpc(socket, 1));
    assertThat(probe("grpc: {port: PORT, service: shop}"))
        .isEqualTo(Answer.success("service healthy"));
  }

  @Test
  void aGrpcServerThatDoesNotServeFails() throws Exception {
    serve(socket -> answerGrpc(socket, 2));
    assertThat(probe("grpc: {port: PORT}"))
        .isEqualTo(Answer.failure("service unhealthy (responded with \"NOT_SERVING\")"));
  }

  /// Plays the server's part of one call, frame by frame.
  private static void answerGrpc(Socket socket, int status) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {0, 0, 0, 4, 0, 0, 0, 0, 0});
    out.writeBytes(new byte[] {0, 0, 1, 1, 4, 0, 0, 0, 1, (byte) 0x88});
    out.writeBytes(new byte[] {0, 0, 7, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 2, 8, (byte) status});
    out.writeBytes(new byte[] {0, 0, 1, 1, 5, 0, 0, 0, 1, (byte) 0x88});
    socket.getInputStream().readNBytes(24 + 9);
    socket.getOutputStream().write(out.toByteArray());
    while (socket.getInputStream().read() >= 0) {
      // until the client has heard all
    }
  }
}
