package dev.tiphys.network.router.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiphys.http.TlsSettings;
import dev.tiphys.network.router.proxy.HttpRouter;
import dev.tiphys.network.router.proxy.Observer;
import dev.tiphys.network.router.proxy.RouterSettings;
import dev.tiphys.pki.Authority;
import dev.tiphys.pki.Credential;
import dev.tiphys.pki.Subject;
import dev.tiphys.world.RealWorld;
import dev.tiphys.world.World;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Which certificate a client is shown.
class CertificatesTest {

  private static final World WORLD = new RealWorld();
  private static final Authority AUTHORITY = Authority.found(WORLD, "test");

  private final Certificates certificates = new Certificates(WORLD, settings("other"));
  private final HttpRouter router = new HttpRouter(WORLD, RouterSettings.usual(1), Observer.NONE);
  private InetSocketAddress address;

  @BeforeEach
  void start() throws IOException {
    address =
        router
            .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), certificates)
            .address();
  }

  @AfterEach
  void stop() {
    router.close();
  }

  private static TlsSettings settings(String name) {
    Credential own = AUTHORITY.issue(Subject.server(name, List.of(name)), Duration.ofHours(1));
    return new TlsSettings(own.key(), own.chain(), List.of());
  }

  /// The name in the certificate that a client is shown; `closed` if its connection is closed
  /// before it is told anything.
  ///
  /// @param asked null to ask for no name
  private String shown(String asked) throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {new Anyone()}, null);
    try (SSLSocket socket =
        (SSLSocket)
            context.getSocketFactory().createSocket(address.getAddress(), address.getPort())) {
      SSLParameters parameters = socket.getSSLParameters();
      if (asked != null) {
        parameters.setServerNames(List.of(new SNIHostName(asked)));
      }
      socket.setSSLParameters(parameters);
      socket.startHandshake();
      X509Certificate first = (X509Certificate) socket.getSession().getPeerCertificates()[0];
      return first.getSubjectX500Principal().getName().replace("CN=", "");
    } catch (SSLHandshakeException e) {
      assertThat(e).hasCauseInstanceOf(EOFException.class);
      return "closed";
    } catch (SocketException e) {
      return "closed"; // what the client said was not read to its end
    }
  }

  @Test
  void itIsTheOneOfTheNameThatIsAskedFor() throws Exception {
    certificates.serve(
        Map.of(
            "a.example.com", settings("exact"),
            "*.example.com", settings("wildcard")),
        true);
    assertThat(shown("a.example.com")).isEqualTo("exact");
    assertThat(shown("A.Example.com")).isEqualTo("exact");
    assertThat(shown("b.example.com")).isEqualTo("wildcard");
    assertThat(shown("c.b.example.com")).as("one label only").isEqualTo("other");
    assertThat(shown("example.com")).isEqualTo("other");
    assertThat(shown(null)).isEqualTo("other");
  }

  @Test
  void connectionsThatThereIsNoneForAreClosed() throws Exception {
    certificates.serve(Map.of("a.example.com", settings("exact")), false);
    assertThat(shown("a.example.com")).isEqualTo("exact");
    assertThat(shown("b.example.com")).isEqualTo("closed");
    assertThat(shown(null)).isEqualTo("closed");
    certificates.serve(Map.of("*", settings("any")), false);
    assertThat(shown("b.example.com")).isEqualTo("any");
    assertThat(shown(null)).isEqualTo("any");
  }

  @Test
  void itChangesWithoutANewListener() throws Exception {
    TlsSettings kept = settings("kept");
    certificates.serve(Map.of("a", settings("old"), "b", kept), true);
    assertThat(shown("a")).isEqualTo("old");
    certificates.serve(Map.of("a", settings("new"), "b", kept), true);
    assertThat(shown("a")).isEqualTo("new");
    assertThat(shown("b")).isEqualTo("kept");
    certificates.serve(Map.of(), true);
    assertThat(shown("a")).isEqualTo("other");
  }

  @Test
  void aKeyThatDoesNotFitChangesNothing() throws Exception {
    certificates.serve(Map.of("a", settings("old")), true);
    TlsSettings torn =
        new TlsSettings(settings("one").key(), settings("another").chain(), List.of());
    assertThatThrownBy(() -> certificates.serve(Map.of("a", torn), true))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(shown("a")).isEqualTo("old");
  }

  @Test
  void whatIsNoTlsIsNotAnswered() throws Exception {
    try (var socket = new java.net.Socket(address.getAddress(), address.getPort())) {
      socket.setSoTimeout(60_000);
      socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes());
      assertThat(new String(socket.getInputStream().readAllBytes())).doesNotContain("HTTP/1.1 ");
    }
  }

  private record Anyone() implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String kind) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String kind) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
