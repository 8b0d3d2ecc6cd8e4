package dev.tiphys.network.router.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.http.TlsSettings;
import dev.tiphys.network.router.backends.Backend;
import dev.tiphys.network.router.backends.BackendPolicy;
import dev.tiphys.network.router.backends.Balancing;
import dev.tiphys.network.router.backends.Ejection;
import dev.tiphys.network.router.backends.EndpointTls;
import dev.tiphys.network.router.backends.HashBy;
import dev.tiphys.network.router.backends.Protocol;
import dev.tiphys.network.router.table.Action;
import dev.tiphys.network.router.table.Split;
import dev.tiphys.network.router.tls.Certificates;
import dev.tiphys.pki.Authority;
import dev.tiphys.pki.Credential;
import dev.tiphys.pki.Subject;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Requests that are passed on by TLS.
class EndpointTlsTest {

  @ParameterizedTest
  @EnumSource(Protocol.class)
  void anEndpointIsSpokenToByTls(Protocol protocol) throws Exception {
    Credential own =
        Authority.found(TestRouter.world(), "test")
            .issue(Subject.server("a", List.of("a")), Duration.ofHours(1));
    Certificates certificates =
        new Certificates(TestRouter.world(), new TlsSettings(own.key(), own.chain(), List.of()));
    try (TestRouter router = new TestRouter();
        TestRouter secured = new TestRouter()) {
      InetSocketAddress address = secured.listen(certificates);
      secured.all(new Action.Respond(200, "text/plain", "by TLS"));
      Backend backend =
          new Backend(
              TestRouter.world(),
              "secured",
              new BackendPolicy(
                  Balancing.ROUND_ROBIN,
                  protocol,
                  Integer.MAX_VALUE,
                  Ejection.NEVER,
                  Duration.ZERO,
                  Duration.ofSeconds(5),
                  new HashBy.Nothing(),
                  new EndpointTls("a")));
      backend.endpoints(List.of(address));
      router.all(new Action.Forward(Split.all(backend)));
      for (int i = 0; i < 3; i++) {
        assertThat(router.get("/")).isEqualTo("200 by TLS");
      }
    }
  }
}
