package dev.tiphys.apiserver.authentication;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.tiphys.apiserver.authentication.TokenAuthenticator.Verdict;
import dev.tiphys.apiserver.request.UserInfo;
import dev.tiphys.client.http.Kubeconfig;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.world.RealWorld;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WebhookTokensTest {

  private static final List<String> OWN = List.of("own");

  @TempDir Path directory;

  private final AtomicInteger asked = new AtomicInteger();
  private volatile Struct asking = Struct.EMPTY;
  private volatile String status = "{}";
  private HttpServer program;
  private WebhookTokens tokens;

  @BeforeEach
  void start() throws Exception {
    program = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    program.createContext(
        "/",
        exchange -> {
          asked.incrementAndGet();
          asking = Json.struct(exchange.getRequestBody().readAllBytes());
          byte[] body = ("{\"status\":" + status.replace('\'', '"') + "}").getBytes();
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    program.start();
    Path kubeconfig = directory.resolve("webhook");
    Kubeconfig.of(
            "webhook",
            new Kubeconfig.Access(
                "http://127.0.0.1:" + program.getAddress().getPort() + "/", "", "", "", ""))
        .write(kubeconfig);
    tokens = new WebhookTokens(new RealWorld(), kubeconfig, "v1", Duration.ofMinutes(1), OWN);
  }

  @AfterEach
  void stop() {
    program.stop(0);
  }

  @Test
  void theProgramSaysWhoseATokenIsAndIsAskedOnce() {
    status =
        "{'authenticated':true,'user':{'username':'ann','uid':'7','groups':['g'],'extra':{'k':['v']}}}";

    for (int i = 0; i < 3; i++) {
      assertThat(tokens.examine("t", OWN))
          .isEqualTo(
              new Verdict.Of(
                  new UserInfo("ann", "7", List.of("g"), Map.of("k", List.of("v"))), OWN));
    }

    assertThat(asked).hasValue(1);
    assertThat(asking.string("apiVersion")).isEqualTo("authentication.k8s.io/v1");
    assertThat(asking.string("spec", "token")).isEqualTo("t");
    assertThat(asking.strings("spec", "audiences")).isEqualTo(OWN);
  }

  @Test
  void whatItDoesNotKnowProvesNothing() {
    assertThat(tokens.examine("unknown", OWN)).isEqualTo(Verdict.UNKNOWN);
    status = "{'authenticated':false,'error':'expired'}";
    assertThat(tokens.examine("old", OWN)).isEqualTo(new Verdict.Refused("expired"));
  }

  @Test
  void aTokenForOthersIsNotForThisServer() {
    status = "{'authenticated':true,'user':{'username':'ann'},'audiences':['vault']}";

    assertThat(tokens.examine("t", OWN)).isEqualTo(Verdict.UNKNOWN);
    assertThat(tokens.examine("t", List.of("vault", "own"))).isInstanceOf(Verdict.Of.class);
  }

  @Test
  void aProgramThatCannotBeAskedIsNamed() {
    program.stop(0);

    assertThat(tokens.examine("t", OWN))
        .isInstanceOfSatisfying(
            Verdict.Refused.class, refused -> assertThat(refused.error()).startsWith("Post \""));
  }
}
