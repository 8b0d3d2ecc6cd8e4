package dev.tiphys.network.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Clients that mean no good, at the ports that Ingresses open.
class HostileClientsTest extends ServedIngresses {

  private String raw(String request) throws IOException {
    try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
      socket.setSoTimeout(60_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }
  }

  private void serve() throws Exception {
    service("one");
    ingress("app", "", rule("a", "Prefix / one"));
    comes("200 one /", "a", "/");
  }

  /// What follows is never taken for a second request.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "400 | POST / HTTP/1.1~Host: a~Content-Length: 4~Transfer-Encoding: chunked",
        "400 | POST / HTTP/1.1~Host: a~Content-Length: 4~Content-Length: 5",
        "400 | POST / HTTP/1.1~Host: a~Content-Length: +4",
        "400 | POST / HTTP/1.1~Host: a~Transfer-Encoding : chunked",
        "400 | POST / HTTP/1.1~Host: a~Transfer-Encoding: xchunked",
        "400 | GET / HTTP/1.1~Host: a~Host: b"
      })
  void noRequestIsSmuggled(int status, String head) throws Exception {
    serve();
    served.clear();

    String answer =
        raw(
            head.replace("~", "\r\n")
                + "\r\n\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n");

    assertThat(answer).startsWith("HTTP/1.1 " + status + " ").containsOnlyOnce("HTTP/1.1 ");
    assertThat(served).noneMatch(each -> each.path().equals("/smuggled"));
  }

  @Test
  void headsThatAreTooLargeAreRefusedAndTheOthersServed() throws Exception {
    serve();

    assertThat(raw("GET / HTTP/1.1\r\nHost: a\r\nX: " + "x".repeat(40_000) + "\r\n\r\n"))
        .startsWith("HTTP/1.1 431 ");
    assertThat(raw("GET /" + "x".repeat(40_000) + " HTTP/1.1\r\nHost: a\r\n\r\n"))
        .startsWith("HTTP/1.1 414 ");
    assertThat(get("a", "/")).isEqualTo("200 one /");
  }

  /// Heads that never end hold a connection each and nothing else.
  @Test
  void clientsThatSendTheirHeadsSlowlyKeepNobodyWaiting() throws Exception {
    serve();
    List<Socket> slow = new ArrayList<>();
    try {
      for (int i = 0; i < 500; i++) {
        Socket socket = new Socket(address.getAddress(), address.getPort());
        socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: a\r\nX-".getBytes());
        slow.add(socket);
      }
      for (int i = 0; i < 20; i++) {
        assertThat(get("a", "/")).isEqualTo("200 one /");
      }
    } finally {
      for (Socket each : slow) {
        each.close();
      }
    }
    api.eventually(() -> router.connections() == 0);
  }
}
