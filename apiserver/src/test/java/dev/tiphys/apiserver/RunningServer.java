package dev.tiphys.apiserver;

import dev.tiphys.apiserver.authentication.Authentication;
import dev.tiphys.apiserver.authentication.ClientCertificates;
import dev.tiphys.apiserver.authentication.RequestHeaders;
import dev.tiphys.apiserver.authentication.TokenFile;
import dev.tiphys.apiserver.authentication.jwt.AuthenticationConfiguration;
import dev.tiphys.apiserver.authentication.jwt.ConfiguredIssuers;
import dev.tiphys.apiserver.authorization.config.AuthorizationConfiguration;
import dev.tiphys.apiserver.bootstrap.DefaultObjects.ApiServerAddress;
import dev.tiphys.apiserver.bootstrap.Delegation;
import dev.tiphys.apiserver.http.Health;
import dev.tiphys.apiserver.http.HttpFront;
import dev.tiphys.client.Api;
import dev.tiphys.client.http.Kubeconfig;
import dev.tiphys.http.TlsSettings;
import dev.tiphys.http.server.HttpServer;
import dev.tiphys.pki.Authority;
import dev.tiphys.pki.Credential;
import dev.tiphys.pki.Pem;
import dev.tiphys.pki.Subject;
import dev.tiphys.schema.Resource;
import dev.tiphys.store.Store;
import dev.tiphys.store.Write;
import dev.tiphys.store.embedded.EmbeddedStore;
import dev.tiphys.world.RealWorld;
import dev.tiphys.world.World;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/// An API server in memory that can be reached over HTTPS, on a port of its own.
final class RunningServer implements AutoCloseable {

  static final World WORLD = new RealWorld();
  private static final Authority AUTHORITY = Authority.found(WORLD, "test");
  private static final Credential SERVING =
      AUTHORITY.issue(Subject.server("apiserver", List.of("127.0.0.1")), Duration.ofHours(1));

  private static final Authority PROXIES = Authority.found(WORLD, "proxies");
  private static final Credential FRONT_PROXY =
      PROXIES.issue(Subject.client("front-proxy"), Duration.ofHours(1));

  /// What the tests need that are about other things.
  static final ApiServerSettings SETTINGS =
      ApiServerSettings.standard().withoutPlugins("ServiceAccount");

  private static final NewCluster USUAL =
      new NewCluster(SETTINGS, new ApiServerAddress("10.0.0.1", 6443, "10.96.0.1"));

  private final Store store;
  private final ApiServer server;
  private final HttpServer http;
  private final int port;

  RunningServer() throws IOException {
    this(AuthenticationConfiguration.NONE);
  }

  /// @param others whose tokens it believes besides its own
  RunningServer(AuthenticationConfiguration others) throws IOException {
    this(USUAL.store(WORLD), SETTINGS, others);
  }

  RunningServer(ApiServerSettings settings) throws IOException {
    this(
        EmbeddedStore.inMemory(WORLD),
        settings.withoutPlugins("ServiceAccount"),
        AuthenticationConfiguration.NONE);
  }

  /// @param store closed with the server
  RunningServer(Store store, ApiServerSettings settings) throws IOException {
    this(store, settings, AuthenticationConfiguration.NONE);
  }

  private RunningServer(Store store, ApiServerSettings settings, AuthenticationConfiguration others)
      throws IOException {
    this.store = store;
    this.server = new ApiServer(store, WORLD, settings);
    ConfiguredIssuers issuers = new ConfiguredIssuers(WORLD, others);
    Path tokens = Files.createTempFile("tokens", ".csv");
    Files.writeString(tokens, "master,ann,1,\"system:masters\"\nplain,bob,2,team\n");
    Authentication authentication =
        server.authentication(
            List.of(
                new RequestHeaders(WORLD, List.of(PROXIES.certificate()), Set.of("front-proxy")),
                new ClientCertificates(WORLD, List.of(AUTHORITY.certificate()))),
            List.of(new TokenFile(tokens), issuers),
            issuers::anonymous);
    Files.delete(tokens);
    Health health = new Health();
    http =
        new HttpServer(
            WORLD,
            server.handler(authentication, health, () -> SERVING, () -> FRONT_PROXY),
            HttpFront.LARGEST_BODY);
    http.secure(
        new TlsSettings(
            SERVING.key(),
            SERVING.chain(),
            List.of(AUTHORITY.certificate(), PROXIES.certificate())));
    port = http.listen(new InetSocketAddress("127.0.0.1", 0)).getPort();
    ensureDefaults();
  }

  /// Makes the objects that every cluster has, as far as they are missing.
  void ensureDefaults() {
    server
        .defaults(new ApiServerAddress("10.0.0.1", port, "10.96.0.1"))
        .with(
            new Delegation(
                List.of(AUTHORITY.certificate()), List.of(AUTHORITY.certificate()), "front-proxy"))
        .ensure();
  }

  /// The API for a caller in this process.
  Api api(String user) {
    return server.api(user);
  }

  /// The API for a part of a program in this process.
  Api api(String user, String program) {
    return server.api(user, program);
  }

  /// Authorizes requests by these from now on.
  void authorizeBy(AuthorizationConfiguration configuration) throws IOException {
    server.authorizeBy(configuration);
  }

  /// Serves these resources from now on.
  void serve(List<Resource> resources) {
    server.catalog().replace(resources);
  }

  String url() {
    return "https://127.0.0.1:" + port;
  }

  /// Access with a bearer token: `master` may do everything, `plain` nothing.
  Kubeconfig.Access withToken(String token) {
    return new Kubeconfig.Access(url(), Pem.of(List.of(AUTHORITY.certificate())), "", "", token);
  }

  /// Access with a client certificate.
  Kubeconfig.Access withCertificate(String user, String... groups) {
    return withCertificateOf(AUTHORITY, user, groups);
  }

  /// Access with a client certificate of another authority, which has the same name.
  Kubeconfig.Access withForeignCertificate(String user, String... groups) {
    return withCertificateOf(Authority.found(WORLD, "test"), user, groups);
  }

  /// Access as the proxy that may name users.
  Kubeconfig.Access withFrontProxy() {
    return withCertificateOf(PROXIES, "front-proxy");
  }

  private Kubeconfig.Access withCertificateOf(Authority issuer, String user, String... groups) {
    Credential client = issuer.issue(Subject.client(user, groups), Duration.ofHours(1));
    return new Kubeconfig.Access(
        url(),
        Pem.of(List.of(AUTHORITY.certificate())),
        Pem.of(client.chain()),
        Pem.of(client.key()),
        "");
  }

  /// How many connections are open.
  int connections() {
    return http.connections();
  }

  /// The bytes that are stored under a key.
  byte[] stored(String key) {
    return Objects.requireNonNull(store.get(key), key).value();
  }

  /// Puts bytes into the store that are no object of their kind.
  void damage(String key) {
    store.write(Write.put(key, new byte[] {'k', '8', 's', 0, 1, 2, 3}));
  }

  /// Compacts the store, so that only the present state is known.
  void forgetThePast() {
    store.compact(store.revision());
  }

  /// Ends this server, and starts another one on its store.
  RunningServer restart(ApiServerSettings settings) throws IOException {
    stop();
    return new RunningServer(store, settings);
  }

  private void stop() {
    http.close();
    server.close();
  }

  @Override
  public void close() {
    stop();
    store.close();
  }
}
