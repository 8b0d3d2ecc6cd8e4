package dev.tiphys.scheduler.extenders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.tiphys.object.Struct;
import dev.tiphys.scheduler.config.ExtenderConfiguration.Tls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HttpTransportTest {

  private static final Tls NONE = new Tls(false, "", "", "", "", "", "", "");
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final HttpTransport transport = new HttpTransport(NONE, LIMIT);
  private HttpServer server;
  private String asked = "";

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private String answer(int status, String content) {
    server.createContext(
        "/filter",
        exchange -> {
          asked =
              exchange.getRequestMethod()
                  + " "
                  + exchange.getRequestHeaders().getFirst("Content-Type")
                  + " "
                  + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/filter";
  }

  @Test
  void jsonGoesThereAndBack() throws Exception {
    String url = answer(200, "[{\"Host\":\"n\",\"Score\":3}]");

    assertThat(transport.post(url, Struct.of("a", "b"), LIMIT))
        .isEqualTo(List.of(Struct.of("Host", "n", "Score", 3L)));
    assertThat(asked).isEqualTo("POST application/json {\"a\":\"b\"}");
  }

  @Test
  void anotherStatusIsAFailure() {
    String url = answer(500, "oops");

    assertThatThrownBy(() -> transport.post(url, Struct.EMPTY, LIMIT))
        .isInstanceOf(ExtenderException.class)
        .hasMessage("failed filter with extender at URL " + url + ", code 500");
  }

  @Test
  void whatIsNoJsonIsAFailure() {
    String url = answer(200, "<html>");

    assertThatThrownBy(() -> transport.post(url, Struct.EMPTY, LIMIT))
        .isInstanceOf(ExtenderException.class);
  }

  @Test
  void aServerThatIsNotThereIsAFailure() {
    String url = answer(200, "{}");
    server.stop(0);

    assertThatThrownBy(() -> transport.post(url, Struct.EMPTY, LIMIT))
        .isInstanceOf(IOException.class);
  }
}
