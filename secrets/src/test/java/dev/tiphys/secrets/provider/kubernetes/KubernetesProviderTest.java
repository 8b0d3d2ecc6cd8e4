package dev.tiphys.secrets.provider.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.google.re2j.Pattern;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.Informer;
import dev.tiphys.client.http.Kubeconfig;
import dev.tiphys.client.outbound.HttpTransport;
import dev.tiphys.client.outbound.ServiceAddresses;
import dev.tiphys.controllers.TestCluster;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.encoding.Yaml;
import dev.tiphys.schema.GroupVersion;
import dev.tiphys.secrets.kept.SecretData;
import dev.tiphys.secrets.model.Store;
import dev.tiphys.secrets.provider.HostileServer;
import dev.tiphys.secrets.provider.HostileServer.Manner;
import dev.tiphys.secrets.provider.MissingSecretException;
import dev.tiphys.secrets.provider.OpenStore;
import dev.tiphys.secrets.provider.OpenStore.Validity;
import dev.tiphys.secrets.provider.Pushed;
import dev.tiphys.secrets.provider.References;
import dev.tiphys.secrets.provider.RemoteReference;
import dev.tiphys.secrets.provider.Search;
import dev.tiphys.secrets.provider.StoreContext;
import dev.tiphys.secrets.provider.StoreException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Secrets of other namespaces and clusters are read and written with the store's own rights.
class KubernetesProviderTest {

  private static final String OWN =
      "{remoteNamespace: remote, auth: {serviceAccount: {name: reader}}}";

  private TestCluster cluster;
  private Informer services;
  private RemoteClusters remote;

  /// A namespace `remote`, and a ServiceAccount of another that may do all with Secrets.
  static void rights(TestCluster cluster) {
    cluster.create(
        ApiResource.NAMESPACES, "{apiVersion: v1, kind: Namespace, metadata: {name: remote}}");
    cluster.create(
        ApiResource.SERVICE_ACCOUNTS,
        "{apiVersion: v1, kind: ServiceAccount, metadata: {name: reader, namespace: default}}");
    cluster.create(
        access("clusterroles", "ClusterRole"),
        """
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata: {name: secrets}
        rules: [{apiGroups: [""], resources: [secrets], verbs: ["*"]}]
        """);
    cluster.create(
        access("clusterrolebindings", "ClusterRoleBinding"),
        """
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRoleBinding
        metadata: {name: secrets}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: secrets}
        subjects: [{kind: ServiceAccount, name: reader, namespace: default}]
        """);
    cluster.advance(Duration.ofSeconds(1)); // the authorizer has seen them
  }

  private static ApiResource access(String plural, String kind) {
    return new ApiResource(GroupVersion.parse("rbac.authorization.k8s.io/v1"), plural, kind, false);
  }

  @BeforeEach
  void start() {
    cluster = new TestCluster(1);
    services = new Informer(cluster.world, cluster.api, ApiResource.SERVICES).start();
    cluster.settle();
    remote = new RemoteClusters(cluster);
    rights(cluster);
    secret("db", "{password: s3cret, config: '{\"a\":{\"b\":1}}', file.txt: text}");
  }

  @AfterEach
  void close() {
    services.close();
    cluster.close();
  }

  private void secret(String name, String values) {
    cluster.create(
        ApiResource.SECRETS,
        """
        apiVersion: v1
        kind: Secret
        metadata:
          name: %s
          namespace: remote
          labels: {team: blue, app.io/part: db}
          annotations: {note: '{"x":"y"}'}
        stringData: %s
        """
            .formatted(name, values));
  }

  private OpenStore open(String settings) {
    return open("SecretStore", "default", settings);
  }

  private OpenStore open(String kind, String namespace, String settings) {
    return open(new KubernetesProvider(remote), kind, namespace, settings);
  }

  private OpenStore open(
      KubernetesProvider provider, String kind, String namespace, String settings) {
    Struct object =
        Struct.of(
            "kind",
            kind,
            "metadata",
            Struct.of("name", "main"),
            "spec",
            Struct.of("provider", Struct.of("kubernetes", Yaml.struct(settings))));
    Store store = new Store(object);
    References references = new References(cluster.api, store.isCluster(), namespace);
    return provider.open(
        new StoreContext(
            cluster.world,
            store,
            namespace,
            references,
            new HttpTransport(new ServiceAddresses(services))));
  }

  private static String text(byte[] value) {
    return new String(value, StandardCharsets.UTF_8);
  }

  private static String read(OpenStore store, String property, boolean metadata)
      throws InterruptedException {
    return text(store.read(new RemoteReference("db", property, "", metadata)));
  }

  @Test
  void keysArePropertiesAndPathsLeadIntoTheirValues() throws InterruptedException {
    try (OpenStore store = open(OWN)) {
      assertThat(read(store, "password", false)).isEqualTo("s3cret");
      assertThat(read(store, "file.txt", false)).isEqualTo("text");
      assertThat(read(store, "config.a.b", false)).isEqualTo("1");
      assertThat(store.readAll(new RemoteReference("db", "")))
          .containsOnlyKeys("password", "config", "file.txt");
      assertThatThrownBy(() -> read(store, "none", false))
          .hasMessage("property none does not exist in data of secret \"db\"");
      assertThatThrownBy(() -> store.read(new RemoteReference("nowhere", "")))
          .isInstanceOf(MissingSecretException.class);
    }
  }

  @Test
  void metadataAreLabelsAndAnnotations() throws InterruptedException {
    try (OpenStore store = open(OWN)) {
      assertThat(read(store, "", true))
          .isEqualTo(
              "{\"annotations\":{\"note\":\"{\\\"x\\\":\\\"y\\\"}\"},"
                  + "\"labels\":{\"app.io/part\":\"db\",\"team\":\"blue\"}}");
      assertThat(read(store, "labels.team", true)).isEqualTo("blue");
      assertThat(read(store, "labels.app.io/part", true)).isEqualTo("db");
      assertThat(read(store, "annotations.note.x", true)).isEqualTo("y");
      assertThatThrownBy(() -> read(store, "name", true))
          .hasMessage("property name does not exist in metadata of secret \"db\"");
    }
  }

  @Test
  void secretsAreFoundByNameOrLabels() throws InterruptedException {
    secret("web", "{a: b}");
    try (OpenStore store = open(OWN)) {
      assertThat(store.find(new Search("", Pattern.compile("^w"), Map.of())).keySet())
          .containsExactly("web");
      assertThat(store.find(new Search("", null, Map.of("team", "blue"))).keySet())
          .containsExactlyInAnyOrder("db", "web");
      assertThat(store.find(new Search("", null, Map.of("team", "red")))).isEmpty();
    }
  }

  @Test
  void ownTokensAreAskedForAnewBeforeTheyEnd() throws InterruptedException {
    try (OpenStore store = open(OWN)) {
      for (int i = 0; i < 4; i++) {
        assertThat(read(store, "password", false)).isEqualTo("s3cret");
        cluster.advance(Duration.ofMinutes(3));
      }
      assertThat(remote.accesses).hasSize(2);
      assertThat(remote.accesses.getFirst().server()).isEqualTo("https://10.0.0.1:6443");
      assertThat(remote.accesses.getFirst().more().serverName()).isEqualTo("kubernetes.default");
    }
  }

  private void credentials(String values) {
    cluster.create(
        ApiResource.SECRETS,
        "{apiVersion: v1, kind: Secret, metadata: {name: keys, namespace: default}, stringData: "
            + values
            + "}");
  }

  @Test
  void certificatesAndTheServersAuthorityAreTheStores() throws InterruptedException {
    credentials("{cert: someone, key: its-key, ca: the-authority}");
    try (OpenStore store =
        open(
            """
            remoteNamespace: remote
            server: {url: "https://other:6443", caProvider: {type: Secret, name: keys, key: ca}}
            auth: {cert: {clientCert: {name: keys, key: cert}, clientKey: {name: keys, key: key}}}
            """)) {
      Kubeconfig.Access access = remote.accesses.getFirst();
      assertThat(access.server()).isEqualTo("https://other:6443");
      assertThat(access.authority()).isEqualTo("the-authority");
      assertThat(access.certificate()).isEqualTo("someone");
      assertThat(access.key()).isEqualTo("its-key");
      assertThat(store).isNotNull();
    }
  }

  @Test
  void aKubeconfigLeadsToAClusterButNotIntoThisMachine() {
    credentials(
        """
        {good: "clusters: [{name: c, cluster: {server: 'https://c'}}]\\n\
        contexts: [{name: c, context: {cluster: c, user: u}}]\\ncurrent-context: c\\n\
        users: [{name: u, user: {client-certificate-data: dXNlcg==, client-key-data: aw==}}]",
        exec: "users: [{name: u, user: {exec: {command: sh}}}]",
        file: "users: [{name: u, user: {tokenFile: /etc/shadow}}]"}
        """);
    try (OpenStore store = open("{authRef: {name: keys, key: good}}")) {
      assertThat(remote.accesses.getFirst().server()).isEqualTo("https://c");
      assertThat(store).isNotNull();
    }
    assertThatThrownBy(() -> open("{authRef: {name: keys, key: exec}}"))
        .hasMessage("failed to prepare auth: a kubeconfig of a store may not have exec");
    assertThatThrownBy(() -> open("{authRef: {name: keys, key: file}}"))
        .hasMessage("failed to prepare auth: a kubeconfig of a store may not have tokenFile");
  }

  @Test
  void credentialsMustBeThereAndOfOneKind() {
    assertThatThrownBy(() -> open("{}"))
        .hasMessage("failed to prepare auth: no auth provider given");
    assertThatThrownBy(() -> open("{auth: {token: {bearerToken: {name: gone, key: t}}}}"))
        .hasMessageStartingWith("failed to prepare auth: could not fetch Auth.Token.BearerToken: ");
    assertThatThrownBy(() -> open("{auth: {token: {bearerToken: {name: gone}}}}"))
        .hasMessage("BearerToken.Key cannot be empty");
    assertThatThrownBy(() -> open("{auth: {serviceAccount: {name: nowhere}}}"))
        .hasMessageStartingWith("failed to prepare auth: could not fetch Auth.ServiceAccount: ");
  }

  @Test
  void theClusterSaysWhetherSecretsMayBeRead() throws InterruptedException {
    try (OpenStore store = open(OWN)) {
      assertThat(store.validate()).isEqualTo(Validity.READY);
    }
    try (OpenStore store = open(OWN.replace("reader", "default"))) {
      assertThatThrownBy(store::validate).hasMessage("client is not allowed to get secrets");
    }
    try (OpenStore store = open("ClusterSecretStore", "", OWN)) {
      assertThat(store.validate()).isEqualTo(Validity.UNKNOWN);
    }
  }

  /// A server that hangs is given up after the client's minute; that is the client's own test.
  @ParameterizedTest
  @EnumSource(value = Manner.class, mode = EnumSource.Mode.EXCLUDE, names = "HANGING")
  void whateverAServerAnswersIsAFailureAndNoMore(Manner manner) throws IOException {
    credentials("{token: hidden-token}");
    try (HostileServer server = new HostileServer(manner);
        OpenStore store =
            open(
                new KubernetesProvider(),
                "SecretStore",
                "default",
                """
                server: {url: "%s"}
                auth: {token: {bearerToken: {name: keys, key: token}}}
                """
                    .formatted(server.uri()))) {
      for (ThrowingCallable each :
          List.<ThrowingCallable>of(
              () -> store.read(new RemoteReference("db", "password")), store::validate)) {
        Throwable failure = catchThrowable(each);
        assertThat(failure).isInstanceOf(StoreException.class);
        assertThat(failure.getMessage()).doesNotContain("hidden-token");
      }
    }
  }

  private static Pushed pushed(String property, String key, String spec) {
    return new Pushed(
        new RemoteReference("new", property),
        Map.of("k", "v".getBytes(StandardCharsets.UTF_8), "l", new byte[] {'w'}),
        key,
        Yaml.struct(
            """
            apiVersion: kubernetes.external-secrets.io/v1alpha1
            kind: PushSecretMetadata
            spec: %s
            """
                .formatted(spec)));
  }

  private Struct pushedSecret() {
    return cluster.api.get(ApiResource.SECRETS, "remote", "new");
  }

  @Test
  void whatIsPushedIsMergedAsThePushSays() throws InterruptedException {
    try (OpenStore store = open(OWN)) {
      store.push(pushed("p", "k", "{labels: {a: b}, annotations: {c: d}}"));
      store.push(pushed("q", "", "{labels: {e: f}}"));
      assertThat(SecretData.of(pushedSecret()).keySet()).containsExactly("p", "q");
      assertThat(text(SecretData.of(pushedSecret()).get("q")))
          .isEqualTo("{\"k\":\"v\",\"l\":\"w\"}");
      assertThat(Meta.of(pushedSecret()).labels()).isEqualTo(Struct.of("a", "b", "e", "f"));

      store.push(pushed("", "", "{labels: {g: h}, targetMergePolicy: Replace}"));
      assertThat(SecretData.of(pushedSecret()).keySet()).containsExactly("k", "l");
      assertThat(Meta.of(pushedSecret()).labels()).isEqualTo(Struct.of("g", "h"));
      String version = Meta.of(pushedSecret()).resourceVersion();
      store.push(pushed("", "", "{labels: {i: j}, targetMergePolicy: Ignore}"));
      assertThat(Meta.of(pushedSecret()).resourceVersion()).isEqualTo(version);
    }
  }

  @Test
  void onlyClusterStoresPushIntoOtherNamespaces() throws InterruptedException {
    try (OpenStore store = open(OWN)) {
      assertThatThrownBy(() -> store.push(pushed("p", "k", "{remoteNamespace: default}")))
          .hasMessage("remoteNamespace override is only supported with ClusterSecretStore");
      assertThatThrownBy(() -> store.push(pushed("", "k", "{}")))
          .hasMessage(
              "requires property in RemoteRef to push secret value if secret key is defined");
    }
    try (OpenStore store = open("ClusterSecretStore", "default", OWN)) {
      store.push(pushed("p", "k", "{remoteNamespace: default}"));
      assertThat(cluster.names(ApiResource.SECRETS)).contains("new");
    }
  }
}
