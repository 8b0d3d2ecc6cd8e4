package dev.tiphys.secrets.provider.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.tiphys.client.ApiResource;
import dev.tiphys.client.Informer;
import dev.tiphys.client.outbound.HttpTransport;
import dev.tiphys.client.outbound.ServiceAddresses;
import dev.tiphys.controllers.TestCluster;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Yaml;
import dev.tiphys.secrets.generator.Asker;
import dev.tiphys.secrets.generator.Generator;
import dev.tiphys.secrets.generator.webhook.WebhookGenerator;
import dev.tiphys.secrets.model.Store;
import dev.tiphys.secrets.provider.HostileServer;
import dev.tiphys.secrets.provider.HostileServer.Manner;
import dev.tiphys.secrets.provider.MissingSecretException;
import dev.tiphys.secrets.provider.OpenStore;
import dev.tiphys.secrets.provider.Pushed;
import dev.tiphys.secrets.provider.References;
import dev.tiphys.secrets.provider.RemoteReference;
import dev.tiphys.secrets.provider.StoreContext;
import dev.tiphys.secrets.provider.StoreException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// Web servers are asked as templates say, and their answers are taken as paths say.
class WebhookProviderTest {

  private TestCluster cluster;
  private Informer services;
  private WebServer server;

  @BeforeEach
  void start() throws IOException {
    cluster = new TestCluster(1);
    services = new Informer(cluster.world, cluster.api, ApiResource.SERVICES).start();
    cluster.settle();
    server = new WebServer();
  }

  @AfterEach
  void close() {
    server.close();
    services.close();
    cluster.close();
  }

  private void secret(String name, String labels) {
    cluster.create(
        ApiResource.SECRETS,
        """
        apiVersion: v1
        kind: Secret
        metadata: {name: %s, namespace: default, labels: %s}
        stringData: {token: hidden-token}
        """
            .formatted(name, labels));
  }

  private OpenStore open(String settings) {
    return open("SecretStore", settings);
  }

  private OpenStore open(String kind, String settings) {
    Struct tree = Yaml.struct(settings.replace("BASE", server.place()));
    Store store =
        new Store(
            Struct.of("kind", kind, "spec", Struct.of("provider", Struct.of("webhook", tree))));
    return new WebhookProvider()
        .open(
            new StoreContext(
                cluster.world,
                store,
                "default",
                new References(cluster.api, store.isCluster(), "default"),
                transport()));
  }

  private HttpTransport transport() {
    return new HttpTransport(new ServiceAddresses(services));
  }

  private static String read(OpenStore store, String key, String property)
      throws InterruptedException {
    byte[] value = store.read(new RemoteReference(key, property, "7", false));
    return new String(value, StandardCharsets.UTF_8);
  }

  @Test
  void templatesSayHowItIsAsked() throws InterruptedException {
    secret("creds", "{external-secrets.io/type: webhook}");
    server.contents.put("/db", "{}");
    try (OpenStore store =
        open(
            """
            url: "BASE/db?k={{ .remoteRef.key }}&v={{ .remoteRef.version }}&n={{ .remoteRef.namespace }}"
            method: POST
            headers: {X-Token: "Bearer {{ .auth.token | upper }}"}
            body: '{"key":"{{ .remoteRef.key }}","none":"{{ .remoteRef.remoteKey }}"}'
            secrets: [{name: auth, secretRef: {name: creds}}]
            """)) {
      assertThat(read(store, "a b/c*~", "")).isEqualTo("{}");
    }
    assertThat(server.asked).containsExactly("POST /db?k=a+b%2Fc%2A~&v=7&n=default");
    assertThat(server.token).isEqualTo("Bearer HIDDEN-TOKEN");
    assertThat(server.body).isEqualTo("{\"key\":\"a b/c*~\",\"none\":\"\"}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "$.data.password          | s3cret",
        "$.data.port              | 5432",
        "$.data.on                | true",
        "$.list[1].v              | two",
        "$.list                   | {\"n\":\"a\",\"v\":\"one\"}",
        "$.list[?(@.n==\"b\")].v  | two",
        "$.data.{{ .remoteRef.property }} | s3cret"
      })
  void aPathSaysWhichPartOfTheAnswerCounts(String path, String expected)
      throws InterruptedException {
    server.contents.put(
        "/db",
        """
        {"data": {"password": "s3cret", "port": 5432, "on": true},
         "list": [{"n": "a", "v": "one"}, {"n": "b", "v": "two"}]}
        """);
    try (OpenStore store = open("{url: BASE/db, result: {jsonPath: '%s'}}".formatted(path))) {
      assertThat(read(store, "db", "password")).isEqualTo(expected);
    }
  }

  @Test
  void pathsThatLeadNowhereSaySo() {
    server.contents.put("/db", "{\"list\": []}");
    try (OpenStore store = open("{url: BASE/db, result: {jsonPath: $.a.b}}")) {
      assertThatThrownBy(() -> read(store, "db", ""))
          .hasMessage("failed to get response path $.a.b: unknown key");
    }
    try (OpenStore store = open("{url: BASE/db, result: {jsonPath: $.list}}")) {
      assertThatThrownBy(() -> read(store, "db", ""))
          .hasMessage("filter worked but didn't get any result");
    }
  }

  @Test
  void allFieldsAreThoseOfAnObjectOrOfOneInAText() throws InterruptedException {
    server.contents.put("/db", "{\"data\": \"{\\\"a\\\":\\\"1\\\",\\\"b\\\":2}\", \"n\": 1}");
    try (OpenStore store = open("{url: BASE/db, result: {jsonPath: $.data}}")) {
      Map<String, byte[]> all = store.readAll(new RemoteReference("db", ""));
      assertThat(all).containsOnlyKeys("a", "b");
      assertThat(all.get("b")).containsExactly('2');
    }
    try (OpenStore store = open("{url: BASE/db, result: {jsonPath: $.n}}")) {
      assertThatThrownBy(() -> store.readAll(new RemoteReference("db", "")))
          .hasMessageStartingWith("failed to get response (wrong type: ");
    }
  }

  @Test
  void answersThatAreNoSuccessSayWhich() {
    try (OpenStore store = open("{url: BASE/none}")) {
      assertThatThrownBy(() -> read(store, "db", "")).isInstanceOf(MissingSecretException.class);
      server.status = 500;
      assertThatThrownBy(() -> read(store, "db", "")).hasMessage("endpoint gave error 500");
    }
  }

  @Test
  void secretsMustBeMeantForIt() {
    secret("bare", "{}");
    secret("other", "{external-secrets.io/type: other}");
    String settings = "{url: BASE, secrets: [{name: a, secretRef: {name: %s}}]}";
    try (OpenStore store = open(settings.formatted("bare"))) {
      assertThatThrownBy(() -> read(store, "db", ""))
          .hasMessageStartingWith("secret does not contain needed label");
    }
    try (OpenStore store = open(settings.formatted("other"))) {
      assertThatThrownBy(() -> read(store, "db", "")).hasMessage("secret type is not 'webhook'");
    }
    try (OpenStore store = open("ClusterSecretStore", settings.formatted("other"))) {
      assertThatThrownBy(() -> read(store, "db", ""))
          .hasMessage("no namespace on ClusterScoped webhook secret other");
    }
  }

  @Test
  void aServerThatIsAwayIsNamedWithoutWhatWasAsked() {
    secret("creds", "{external-secrets.io/type: webhook}");
    server.close();
    try (OpenStore store =
        open(
            """
            url: "BASE/{{ .auth.token }}"
            secrets: [{name: auth, secretRef: {name: creds}}]
            """)) {
      Throwable failure = catchThrowable(() -> read(store, "db", ""));
      assertThat(failure.getMessage())
          .startsWith("failed to call endpoint: Get \"" + server.place() + "\": ")
          .doesNotContain("hidden-token");
      assertThatThrownBy(store::validate)
          .hasMessageStartingWith("error accessing external store: ");
    }
  }

  @Test
  void whatIsPushedIsThereInTheBody() throws InterruptedException {
    Pushed pushed =
        new Pushed(
            new RemoteReference("db", ""),
            Map.of("k", "v1".getBytes(StandardCharsets.UTF_8)),
            "k",
            Struct.EMPTY);
    try (OpenStore store =
        open(
            """
            url: BASE/{{ .remoteRef.remoteKey }}
            body: '{"{{ .remoteRef.secretKey }}":"{{ .remoteRef.db }}"}'
            """)) {
      store.push(pushed);
      assertThat(server.contents).containsEntry("/db", "{\"k\":\"v1\"}");
      store.delete(new RemoteReference("db", ""));
      assertThat(server.contents).isEmpty();
      server.status = 403;
      assertThatThrownBy(() -> store.push(pushed))
          .hasMessage("failed to push webhook data: endpoint gave error 403");
    }
  }

  @Test
  void whatIsNotSpokenHereIsRefusedWithAReason() {
    assertThatThrownBy(
            () ->
                open(
                    "{url: BASE, auth: {ntlm: {usernameSecret: {name: a},"
                        + " passwordSecret: {name: b}}}}"))
        .isInstanceOf(StoreException.class)
        .hasMessageStartingWith("auth.ntlm is not supported: ");
  }

  @Test
  void aGeneratorAsksLikewise() throws InterruptedException {
    server.contents.put("/new", "{\"data\": {\"user\": \"u\", \"n\": 1}}");
    Struct spec =
        Yaml.struct("{url: BASE/new, result: {jsonPath: $.data}}".replace("BASE", server.place()));
    Map<String, byte[]> made =
        new WebhookGenerator()
            .generate(
                spec,
                new Generator.Context(
                    cluster.world,
                    "default",
                    new References(cluster.api, false, "default"),
                    transport(),
                    new Asker(cluster.world, cluster.api, Struct.EMPTY),
                    _ -> {}));
    assertThat(made).containsOnlyKeys("user", "n");
    assertThat(made.get("n")).containsExactly('1');
  }

  @ParameterizedTest
  @EnumSource(Manner.class)
  void anyAnswerIsBounded(Manner manner) throws IOException {
    try (HostileServer hostile = new HostileServer(manner)) {
      OpenStore store =
          open("{url: %s, timeout: 1s, result: {jsonPath: $.a}}".formatted(hostile.uri()));
      Throwable failure = catchThrowable(() -> read(store, "db", ""));
      assertThat(failure).isInstanceOf(StoreException.class);
      assertThat(failure.getMessage()).hasSizeLessThan(1000);
    }
  }
}
