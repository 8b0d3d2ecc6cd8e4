package dev.tiphys.secrets.provider.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.re2j.Pattern;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.object.encoding.Yaml;
import dev.tiphys.secrets.model.Store;
import dev.tiphys.secrets.provider.MissingSecretException;
import dev.tiphys.secrets.provider.OpenStore;
import dev.tiphys.secrets.provider.Pushed;
import dev.tiphys.secrets.provider.RemoteReference;
import dev.tiphys.secrets.provider.Search;
import dev.tiphys.secrets.provider.StoreException;
import dev.tiphys.secrets.vault.Setup;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is particular to engines of keys and values.
class KeyValuesTest extends VaultTest {

  private Setup.Puts engine;

  @BeforeEach
  void mount() {
    engine = scene.setup.kvTwo("secret");
    engine.put("db", Json.struct("{\"password\":\"s3cret\",\"a.b\":\"<x> & y\",\"none\":null}"));
  }

  private Struct settings() {
    return scene.settings("v2", VaultScene.BY_ROLE);
  }

  private static RemoteReference at(String key) {
    return new RemoteReference(key, "");
  }

  private static Pushed pushed(String key, String property, String value) {
    Map<String, byte[]> values = Map.of("k", value.getBytes(StandardCharsets.UTF_8));
    return new Pushed(new RemoteReference(key, property), values, "k", Struct.EMPTY);
  }

  private static String text(byte[] value) {
    return new String(value, StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @CsvSource({
    "secret/path, v2, foo, secret/path/data/foo, secret/path/metadata/foo",
    "secret/path, v1, foo, secret/path/foo, secret/path/foo",
    "secret/path, v2, secret/path/foo, secret/path/data/foo, secret/path/metadata/secret/path/foo",
    "secret/path, v2, secret/path/data/foo, secret/path/data/foo, secret/path/metadata/secret/path/data/foo",
    "secret/path, v1, secret/path/foo, secret/path/foo, secret/path/secret/path/foo",
    "secret, v1, data/foo, secret/data/foo, secret/data/foo",
    "'', v2, secret/path/foo, secret/data/path/foo, ''",
    "'', v2, secret/path/data/foo, secret/path/data/foo, secret/path/metadata/foo",
    "'', v1, secret/path/foo, secret/path/foo, secret/path/foo",
  })
  void keysLeadToPaths(String mount, String version, String key, String data, String metadata) {
    KeyPaths paths = new KeyPaths(mount, version.equals("v2"));
    assertThat(paths.data(key)).isEqualTo(data);
    if (metadata.isEmpty()) {
      assertThatThrownBy(() -> paths.metadata(key))
          .hasMessage("provided Path isn't a valid kv v2 path");
    } else {
      assertThat(paths.metadata(key)).isEqualTo(metadata);
    }
  }

  @Test
  void valuesAreWrittenAsTheOriginalWritesThem() throws InterruptedException {
    try (OpenStore store = open(settings())) {
      assertThat(text(store.read(at("db"))))
          .isEqualTo(
              "{\"a.b\":\"\\u003cx\\u003e \\u0026 y\",\"none\":null,\"password\":\"s3cret\"}");
      assertThat(text(store.read(new RemoteReference("db", "a.b")))).isEqualTo("<x> & y");
      assertThat(store.read(new RemoteReference("db", "none"))).isEmpty();
      assertThatThrownBy(() -> store.read(new RemoteReference("db", "no")))
          .hasMessage("cannot find secret data for key: \"no\"");
    }
  }

  @Test
  void aDeletedVersionIsMissingAndAnOlderOneIsNot() throws InterruptedException {
    try (OpenStore store = open(settings());
        Session session = session(settings(), Struct.EMPTY)) {
      session.ask(Call.delete("secret/data/db"));
      assertThatThrownBy(() -> store.read(at("db"))).isInstanceOf(MissingSecretException.class);
      assertThat(store.has(at("db"))).isFalse();
      engine.put("db", Struct.of("password", "newer"));
      assertThat(text(store.read(at("db")))).isEqualTo("{\"password\":\"newer\"}");
      assertThatThrownBy(() -> store.read(new RemoteReference("db", "", "1", false)))
          .isInstanceOf(MissingSecretException.class);
      assertThatThrownBy(() -> store.read(new RemoteReference("db", "", "7", false)))
          .isInstanceOf(MissingSecretException.class);
      assertThatThrownBy(() -> store.read(new RemoteReference("db", "", "x", false)))
          .hasMessageContaining("Code: 400");
    }
  }

  @Test
  void metadataAreReadInstead() throws InterruptedException {
    try (OpenStore store = open(settings());
        Session session = session(settings(), Struct.EMPTY)) {
      session.ask(
          Call.put("secret/metadata/db", Struct.of("custom_metadata", Struct.of("owner", "blue"))));
      RemoteReference all = new RemoteReference("db", "", "", true);
      assertThat(store.readAll(all).keySet())
          .containsExactlyInAnyOrder(
              "created_time", "current_version", "delete_version_after", "owner");
      assertThat(text(store.read(new RemoteReference("db", "current_version", "", true))))
          .isEqualTo("1");
      assertThatThrownBy(() -> store.read(new RemoteReference("nowhere", "", "", true)))
          .hasMessage("secret not found");
      assertThat(store.find(new Search("", null, Map.of("owner", "blue"))).keySet())
          .containsExactly("db");
      assertThat(store.find(new Search("", null, Map.of("owner", "red")))).isEmpty();
    }
    try (OpenStore store = open(scene.settings("v1", VaultScene.BY_TOKEN))) {
      assertThatThrownBy(() -> store.read(new RemoteReference("db", "", "", true)))
          .hasMessage("cannot perform metadata fetch operations with kv version v1");
      assertThatThrownBy(() -> store.find(new Search("", null, Map.of("a", "b"))))
          .hasMessage("cannot perform find by tag operations with kv version v1");
    }
  }

  @Test
  void whatIsBelowAPathIsListedStepByStep() throws InterruptedException {
    engine.put("team/a", Struct.of("v", "1"));
    engine.put("team/deep/b", Struct.of("v", "2"));
    try (OpenStore store = open(settings())) {
      Search search = new Search("team", Pattern.compile("b$"), Map.of());
      assertThat(store.find(search).keySet()).containsExactly("team/deep/b");
      assertThatThrownBy(() -> store.find(new Search("none", Pattern.compile("."), Map.of())))
          .isInstanceOf(MissingSecretException.class);
    }
    assertThat(scene.server.asked)
        .contains("GET secret/metadata/team", "GET secret/metadata/team/deep");
  }

  @Test
  void aWrittenSecretIsMarkedAndNotWrittenAgainWithoutNeed() throws InterruptedException {
    try (OpenStore store = open(settings())) {
      store.push(pushed("mine", "", "{\"a\":\"1\"}"));
      store.push(pushed("mine", "", "{\"a\":\"1\"}"));
      store.push(pushed("mine", "b", "2"));
      store.push(pushed("mine", "b", "2"));
      assertThat(scene.server.count("PUT secret/data/mine")).isEqualTo(2);
      assertThat(text(store.read(new RemoteReference("mine", "managed-by", "", true))))
          .isEqualTo("external-secrets");
      assertThatThrownBy(() -> store.push(pushed("mine", "", "no-json")))
          .hasMessage("error unmarshalling vault secret: invalid JSON format");
      assertThatThrownBy(() -> store.push(pushed("db", "", "{}")))
          .hasMessage("secret not managed by external-secrets");

      store.delete(new RemoteReference("mine", "a"));
      store.delete(new RemoteReference("mine", "b"));
      assertThat(store.has(at("mine"))).isFalse();
      assertThat(scene.server.asked).contains("DELETE secret/metadata/mine");
    }
  }

  @Test
  void aSecretIsWrittenOnlyIfItIsAsItWasReadWhereThatIsAsked() throws InterruptedException {
    Struct checking = settings().with("checkAndSet", Struct.of("required", true));
    try (OpenStore store = open(checking)) {
      store.push(pushed("mine", "a", "1"));
      assertThat(scene.server.lastBody).contains("\"cas\":0");
      store.push(pushed("mine", "a", "2"));
      assertThat(scene.server.lastBody).contains("\"cas\":1");
    }
  }

  @Test
  void aClusterStoreWhoseCredentialsAreEachNamespacesIsNotDecidedWithoutOne()
      throws InterruptedException {
    Store store = store("ClusterSecretStore", settings());
    try (OpenStore open = open(store, "")) {
      assertThat(open.validate()).isEqualTo(OpenStore.Validity.UNKNOWN);
      assertThatThrownBy(() -> open.read(at("db"))).isInstanceOf(StoreException.class);
      assertThat(scene.server.asked).isEmpty();
    }
    try (OpenStore open = open(store, "default")) {
      assertThat(open.validate()).isEqualTo(OpenStore.Validity.READY);
    }
    Struct named =
        scene.settings("v2", "{tokenSecretRef: {name: vault, key: token, namespace: default}}");
    try (OpenStore open = open(store("ClusterSecretStore", named), "")) {
      assertThat(open.validate()).isEqualTo(OpenStore.Validity.READY);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{auth: {tokenSecretRef: {name: a, namespace: other}}} | invalid Auth.TokenSecretRef: namespace should either be empty or match the namespace of the SecretStore for a namespaced SecretStore",
        "{auth: {tokenSecretRef: {name: a, namespace: default}}} | ''",
        "{auth: {appRole: {secretRef: {name: a}}}} | invalid Auth.AppRole: neither `roleId` nor `roleRef` was supplied",
        "{auth: {jwt: {role: r}}} | neither `secretRef` nor `kubernetesServiceAccountToken` was supplied as token source for jwt authentication",
        "{tls: {certSecretRef: {name: a}}} | when provided, both ClientTLS.ClientCert and ClientTLS.SecretRef should be provided",
        "{version: v1, checkAndSet: {required: true}} | checkAndSet is not supported with Vault KV version v1",
      })
  void settingsThatCannotWorkAreToldOf(String vault, String problem) {
    Store store = store("SecretStore", Yaml.struct(vault));
    assertThat(new VaultProvider().problem(store).orElse("")).isEqualTo(problem);
  }

  @Test
  void ofStatesTheFurthestIsKept() {
    ReplicationState state = new ReplicationState();
    state.reached("");
    assertThat(state.furthest()).isEmpty();
    String first = state("c", 1, 1);
    String second = state("c", 2, 2);
    state.reached(first);
    state.reached(second);
    state.reached(first);
    assertThat(state.furthest()).isEqualTo(second);
    state.reached(state("other", 1, 1));
    assertThat(state.furthest()).isEqualTo(state("other", 1, 1));
    state.reached("no state");
    assertThat(state.furthest()).isEqualTo("no state");
  }

  private static String state(String cluster, int local, int replicated) {
    return Base64.getEncoder()
        .encodeToString(
            "v1:%s:%d:%d:00"
                .formatted(cluster, local, replicated)
                .getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void waitsGrowAndAreBounded() {
    Retries retries = Retries.of(Struct.of("retrySettings", Struct.of("maxRetries", 1000L)));
    assertThat(retries.most()).isEqualTo(10);
    assertThat(retries.wait(1, cluster.world.random()))
        .isBetween(Duration.ofSeconds(2), Duration.ofSeconds(3));
    Struct wrong = Struct.of("retrySettings", Struct.of("retryInterval", "soon"));
    assertThatThrownBy(() -> Retries.of(wrong)).hasMessage("time: invalid duration \"soon\"");
  }
}
