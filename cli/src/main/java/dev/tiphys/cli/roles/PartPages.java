package dev.tiphys.cli.roles;

import dev.tiphys.apiserver.http.Health;
import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.access.PathAccess;
import dev.tiphys.http.Exchange;
import dev.tiphys.http.Response;
import dev.tiphys.http.TlsSettings;
import dev.tiphys.http.server.HttpServer;
import dev.tiphys.metrics.Exposition;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Reason;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.pki.Authority;
import dev.tiphys.pki.ClientName;
import dev.tiphys.pki.Credential;
import dev.tiphys.pki.Pem;
import dev.tiphys.pki.Subject;
import dev.tiphys.pki.Trust;
import dev.tiphys.world.World;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/// How a part in a process of its own does: `/healthz`, `/livez` and `/readyz` for everybody,
/// `/metrics`, `/metrics/slis` and what else the part has to tell for clients whose certificate or
/// bearer token the API server knows, and who may get that path.
///
/// Over HTTPS, with a certificate that is made for this process and that no authority vouches for,
/// as upstream's parts have when they are given none.
///
/// Threads: any.
public final class PartPages implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(PartPages.class.getName());

  /// Where upstream's controller manager has its pages.
  public static final int CONTROLLER_MANAGER = 10257;

  /// Where upstream's scheduler has its pages.
  public static final int SCHEDULER = 10259;

  private static final int LARGEST_CONTENT = 1024;
  private static final String PLAIN = "text/plain; charset=utf-8";
  private static final String JSON = "application/json";
  private static final String AUTHENTICATED = "system:authenticated";

  private final World world;
  private final PathAccess access;
  private final Trust clients;
  private final Leading leading;
  private final Consumer<Exposition> metrics;
  private final Function<String, Optional<Struct>> documents;
  private final Health health;
  private final HttpServer server;

  /// @param api what reviews tokens and rights
  /// @param metrics writes what the part counts
  /// @param documents what else it tells, by paths; absent where it has nothing
  public PartPages(
      World world,
      Api api,
      Leading leading,
      Consumer<Exposition> metrics,
      Function<String, Optional<Struct>> documents) {
    List<X509Certificate> authorities = clientAuthorities(api);
    this.world = world;
    this.access = new PathAccess(api);
    this.clients = new Trust(authorities);
    this.leading = leading;
    this.metrics = metrics;
    this.documents = documents;
    this.health = new Health().check("leaderElection", leading::isHealthy);
    this.server = new HttpServer(world, this::answer, LARGEST_CONTENT);
    Credential own =
        Authority.found(world, "tiphys-part")
            .issue(
                Subject.server("localhost", List.of("localhost", "127.0.0.1")),
                Duration.ofDays(365));
    server.secure(new TlsSettings(own.key(), own.chain(), authorities));
  }

  /// Those that vouch for clients of the API server, as it tells its extensions.
  private static List<X509Certificate> clientAuthorities(Api api) {
    try {
      Struct found =
          api.find(ApiResource.CONFIG_MAPS, "kube-system", "extension-apiserver-authentication");
      String pem = found == null ? "" : found.string("data", "client-ca-file");
      return pem.isEmpty() ? List.of() : Pem.certificates(pem);
    } catch (ApiException | IllegalArgumentException e) {
      LOG.log(Level.WARNING, "clients cannot use certificates: error={0}", e.getMessage());
      return List.of();
    }
  }

  /// Begins to answer there. Returns where that is.
  ///
  /// @throws IOException if another process has the port
  public InetSocketAddress listen(InetSocketAddress at) throws IOException {
    return server.listen(at);
  }

  private void answer(Exchange exchange) {
    exchange.respond(
        switch (exchange.path()) {
          case "/healthz", "/livez", "/readyz" -> health(exchange);
          default -> guarded(exchange);
        });
  }

  private Response health(Exchange exchange) {
    boolean verbose = List.of(exchange.query().split("&")).contains("verbose");
    Health.Answer answer = health.answer(exchange.path().substring(1), "", verbose, List.of());
    return Response.of(answer.status(), PLAIN, bytes(answer.text()));
  }

  private Response guarded(Exchange exchange) {
    try {
      access.require(user(exchange), exchange.path());
      return switch (exchange.path()) {
        case "/metrics" -> metrics();
        case "/metrics/slis" -> page(health::write);
        default -> document(exchange.path());
      };
    } catch (ApiException e) {
      return Response.of(e.code(), JSON, Json.bytes(e.status()));
    }
  }

  private Response metrics() {
    return page(
        out -> {
          Leading.write(out, List.of(leading));
          metrics.accept(out);
        });
  }

  private static Response page(Consumer<Exposition> content) {
    Exposition out = new Exposition();
    content.accept(out);
    return Response.of(200, "text/plain; version=0.0.4; charset=utf-8", bytes(out.toString()));
  }

  private Response document(String path) {
    return documents
        .apply(path)
        .map(document -> Response.of(200, JSON, Json.bytes(document)))
        .orElseGet(() -> Response.of(404, PLAIN, bytes("404 page not found\n")));
  }

  /// Who asks: by a certificate, or by a token.
  ///
  /// @throws ApiException if what was shown is worth nothing
  private Struct user(Exchange exchange) {
    List<X509Certificate> chain = exchange.certificates();
    String header = exchange.header("authorization");
    if (!chain.isEmpty()) {
      try {
        clients.verify(chain, world.now());
        ClientName name = ClientName.of(chain.getFirst());
        List<String> groups = new ArrayList<>(name.organizations());
        groups.add(AUTHENTICATED);
        return Struct.of("username", name.name(), "groups", groups);
      } catch (GeneralSecurityException e) {
        if (header == null) {
          throw ApiException.of(Reason.UNAUTHORIZED, "Unauthorized");
        }
      }
    }
    return access.user(header);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    server.close();
  }
}
