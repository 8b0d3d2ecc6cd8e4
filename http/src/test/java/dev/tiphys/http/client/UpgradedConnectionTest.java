package dev.tiphys.http.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiphys.http.Header;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UpgradedConnectionTest {

  private final ServerSocket server = new ServerSocket(0);
  private final CompletableFuture<List<String>> head = new CompletableFuture<>();
  private Socket socket;

  UpgradedConnectionTest() throws IOException {}

  @AfterEach
  void close() throws IOException {
    server.close();
  }

  /// Answers one request with these bytes.
  private UpgradedConnection ask(String answer, Header... headers) throws IOException {
    Thread.ofVirtual().start(() -> serve(answer.replace("|", "\r\n")));
    socket = new Socket("localhost", server.getLocalPort());
    RequestTarget target = RequestTarget.of("exec", "web").with("command", "a b");
    return UpgradedConnection.ask(socket, "node:1", "POST", target, List.of(headers));
  }

  private void serve(String answer) {
    try (Socket client = server.accept()) {
      BufferedReader in = new BufferedReader(new InputStreamReader(client.getInputStream(), UTF_8));
      List<String> lines = new ArrayList<>();
      for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
        lines.add(line);
      }
      head.complete(lines);
      client.getOutputStream().write(answer.getBytes(UTF_8));
    } catch (IOException e) {
      head.completeExceptionally(e);
    }
  }

  @Test
  void theServerIsAskedAndWhatFollowsItsAnswerIsLeft() throws Exception {
    UpgradedConnection connection =
        ask("HTTP/1.1 101 Switching|Upgrade: x|Odd||rest", new Header("Upgrade", "x\r\nEvil: y"));

    assertThat(head.join())
        .containsExactly(
            "POST /exec/web?command=a%20b HTTP/1.1",
            "Host: node:1", "Upgrade: x  Evil: y", "Content-Length: 0");
    assertThat(connection.headers()).containsExactly(new Header("Upgrade", "x"));
    assertThat(connection.input().readAllBytes()).isEqualTo("rest".getBytes(UTF_8));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          HTTP/1.1 404 Not Found|Content-Length: 9||no such\u0020x ; 404 ; no such x
          HTTP/1.1 500 Broken||                                    ; 500 ; HTTP/1.1 500 Broken
          HTTP/1.1 200 OK|Content-Length: 0||                      ; 200 ; HTTP/1.1 200 OK
          """)
  void aRefusalIsTold(String answer, int status, String text) {
    assertThatThrownBy(() -> ask(answer))
        .isInstanceOfSatisfying(
            UpgradeRefusedException.class,
            refusal -> {
              assertThat(refusal.status()).isEqualTo(status);
              assertThat(refusal).hasMessage(text);
            });
    assertThat(socket.isClosed()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "nonsense||",
        "HTTP/1.1 x||",
        "HTTP/1.1 404 No|Content-Length: x||",
        "HTTP/1.1 101 OK|a b: c||"
      })
  void whatIsNoAnswerIsAnError(String answer) {
    assertThatThrownBy(() -> ask(answer))
        .isInstanceOf(IOException.class)
        .isNotInstanceOf(UpgradeRefusedException.class);
    assertThat(socket.isClosed()).isTrue();
  }

  @Test
  void anAnswerWithoutAnEndIsAnError() {
    assertThatThrownBy(
            () -> ask("HTTP/1.1 101 OK|" + ("X: " + "a".repeat(1000) + "|").repeat(2_000)))
        .hasMessage("the server's answer is too long");
  }
}
