package dev.tiphys.cli.roles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiphys.apiserver.ApiServer;
import dev.tiphys.apiserver.ApiServerSettings;
import dev.tiphys.apiserver.authentication.Anonymous;
import dev.tiphys.apiserver.authentication.TokenAuthenticator;
import dev.tiphys.apiserver.authentication.TokenAuthenticator.Verdict;
import dev.tiphys.apiserver.bootstrap.DefaultObjects.ApiServerAddress;
import dev.tiphys.apiserver.request.UserInfo;
import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.http.AccessOptions;
import dev.tiphys.client.http.HttpApi;
import dev.tiphys.client.http.Kubeconfig;
import dev.tiphys.client.http.TlsContext;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.pki.Authority;
import dev.tiphys.pki.Credential;
import dev.tiphys.pki.Pem;
import dev.tiphys.pki.Subject;
import dev.tiphys.schema.GroupVersion;
import dev.tiphys.store.embedded.EmbeddedStore;
import dev.tiphys.world.RealWorld;
import dev.tiphys.world.World;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PartPagesTest {

  private static final GroupVersion RBAC = GroupVersion.parse("rbac.authorization.k8s.io/v1");
  private static final String DOCUMENT = "/why/namespaces/default/pods/web";

  private final World world = new RealWorld();
  private final ApiServer server =
      new ApiServer(EmbeddedStore.inMemory(world), world, ApiServerSettings.standard());
  private final Api api = server.api("tester");
  private final PartPages pages =
      new PartPages(
          world,
          api,
          Leading.start(world, api, Optional.empty(), new Leading.Parts("part", _ -> () -> {})),
          out -> out.family("counted_total", "counter", "What is counted."),
          path -> path.equals(DOCUMENT) ? Optional.of(Struct.of("name", "web")) : Optional.empty());
  private String root = "";

  /// A token of any user is the name of this user.
  private static final TokenAuthenticator BY_NAME =
      (token, audiences) ->
          token.startsWith("user-")
              ? new Verdict.Of(UserInfo.of(token, UserInfo.AUTHENTICATED), audiences)
              : Verdict.UNKNOWN;

  @BeforeEach
  void listen() throws Exception {
    server.defaults(new ApiServerAddress("10.0.0.1", 6443, "10.96.0.1")).ensure();
    server.authentication(List.of(), List.of(BY_NAME), () -> Anonymous.NOWHERE);
    api.create(
        new ApiResource(RBAC, "clusterroles", "ClusterRole", false),
        json(
            "{'metadata':{'name':'reader'},'rules':[{'nonResourceURLs':['/why/*','/metrics/slis'],'verbs':['get']}]}"));
    api.create(
        new ApiResource(RBAC, "clusterrolebindings", "ClusterRoleBinding", false),
        json(
            "{'metadata':{'name':'reader'},'roleRef':{'apiGroup':'rbac.authorization.k8s.io',"
                + "'kind':'ClusterRole','name':'reader'},'subjects':[{'kind':'User','apiGroup':"
                + "'rbac.authorization.k8s.io','name':'user-reader'}]}"));
    InetSocketAddress at = pages.listen(new InetSocketAddress("127.0.0.1", 0));
    root = "https://127.0.0.1:" + at.getPort();
  }

  @AfterEach
  void close() {
    pages.close();
    server.close();
  }

  private static Struct json(String text) {
    return Json.struct(text.replace('\'', '"'));
  }

  private HttpResponse<String> get(String path, String token) throws Exception {
    // No authority vouches for the pages' certificate.
    AccessOptions anyServer = AccessOptions.ofServer("", true);
    SSLContext tls = TlsContext.of(new Kubeconfig.Access(root, "", "", "", "").with(anyServer));
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(root + path));
    if (!token.isEmpty()) {
      request.header("Authorization", "Bearer " + token);
    }
    try (HttpClient client = HttpClient.newBuilder().sslContext(tls).build()) {
      return client.send(request.build(), BodyHandlers.ofString());
    }
  }

  @Test
  void healthIsForEverybody() throws Exception {
    assertThat(get("/healthz", "").body()).isEqualTo("ok");
  }

  @Test
  void howChecksOfHealthEndedIsTold() throws Exception {
    get("/healthz", "");
    get("/readyz", "");
    assertThat(get("/metrics/slis", "user-reader").body())
        .contains(
            "kubernetes_healthcheck{name=\"leaderElection\",type=\"healthz\"} 1",
            "kubernetes_healthchecks_total{name=\"ping\",status=\"success\",type=\"readyz\"} 1");
    assertThat(get("/metrics/slis", "user-other").statusCode()).isEqualTo(403);
  }

  @Test
  void aDocumentIsForThoseWhoMayGetItsPath() throws Exception {
    HttpResponse<String> answer = get(DOCUMENT, "user-reader");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(Json.struct(answer.body())).isEqualTo(Struct.of("name", "web"));

    HttpResponse<String> refused = get(DOCUMENT, "user-other");
    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(Json.struct(refused.body()).string("message"))
        .isEqualTo("forbidden: User \"user-other\" cannot get path \"" + DOCUMENT + "\"");
    assertThat(get(DOCUMENT, "").statusCode()).isEqualTo(403);
    assertThat(get(DOCUMENT, "unknown").statusCode()).isEqualTo(401);
  }

  @Test
  void theRightToOnePathIsNoneToAnother() throws Exception {
    assertThat(get("/metrics", "user-reader").statusCode()).isEqualTo(403);
    assertThat(get("/why/namespaces/default/pods/none", "user-reader").statusCode()).isEqualTo(404);
  }

  /// As the API server tells its extensions whose certificates it takes.
  @Test
  void clientsMayShowTheCertificateThatTheApiServerTakes() throws Exception {
    Authority known = Authority.found(world, "clients");
    api.create(
        ApiResource.CONFIG_MAPS,
        json("{'metadata':{'name':'extension-apiserver-authentication','namespace':'kube-system'}}")
            .withAt(Pem.of(List.of(known.certificate())), "data", "client-ca-file"));
    try (PartPages telling =
        new PartPages(
            world,
            api,
            Leading.start(world, api, Optional.empty(), new Leading.Parts("part", _ -> () -> {})),
            out -> {},
            path -> Optional.of(Struct.of("name", "web")))) {
      InetSocketAddress at = telling.listen(new InetSocketAddress("127.0.0.1", 0));
      String there = "https://127.0.0.1:" + at.getPort();

      assertThat(api(there, known, "user-reader").document(DOCUMENT).string("name"))
          .isEqualTo("web");
      HttpApi other = api(there, known, "user-other");
      assertThatThrownBy(() -> other.document(DOCUMENT))
          .isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.code()).isEqualTo(403));
      HttpApi stranger = api(there, Authority.found(world, "others"), "user-reader");
      assertThatThrownBy(() -> stranger.document(DOCUMENT)).isInstanceOf(ApiException.class);
    }
  }

  private HttpApi api(String server, Authority authority, String user) {
    Credential own = authority.issue(Subject.client(user), Duration.ofDays(1));
    return new HttpApi(
        world,
        new Kubeconfig.Access(
            server, "", Pem.of(own.chain()), Pem.of(own.key()), "", AccessOptions.NONE.believing()),
        "tester");
  }
}
