package dev.tiphys.monitoring;

import dev.tiphys.client.http.Kubeconfig;
import dev.tiphys.client.http.TlsContext;
import dev.tiphys.http.TlsSettings;
import dev.tiphys.monitoring.metricsapi.FrontProxy;
import dev.tiphys.pki.Authority;
import dev.tiphys.pki.Credential;
import dev.tiphys.pki.Pem;
import dev.tiphys.pki.Subject;
import dev.tiphys.world.World;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/// An API server as the servers behind it see it: the client `proxy`.
public final class TestProxy {

  private final World world;
  private final Authority authority;

  public TestProxy(World world) {
    this.world = world;
    this.authority = Authority.found(world, "front-proxy");
  }

  /// Which clients are to be answered.
  public FrontProxy clients() {
    return new FrontProxy(world, List.of(authority.certificate()), Set.of("proxy"));
  }

  /// What a server on this machine shows.
  public TlsSettings server() {
    Credential own = issued(Subject.server("server", List.of("127.0.0.1")));
    return new TlsSettings(own.key(), own.chain(), List.of(authority.certificate()));
  }

  /// The API server itself.
  public HttpClient client() {
    return client("proxy");
  }

  /// Another client that the same authority vouches for.
  public HttpClient client(String name) {
    return client(issued(Subject.client(name)));
  }

  /// A client without a certificate.
  public HttpClient stranger() {
    return client(new Credential(issued(Subject.client("x")).key(), List.of()));
  }

  private HttpClient client(Credential credential) {
    return HttpClient.newBuilder()
        .sslContext(
            TlsContext.of(
                new Kubeconfig.Access(
                    "https://127.0.0.1",
                    Pem.of(List.of(authority.certificate())),
                    Pem.of(credential.chain()),
                    Pem.of(credential.key()),
                    "")))
        .build();
  }

  private Credential issued(Subject subject) {
    return authority.issue(subject, Duration.ofDays(1));
  }
}
