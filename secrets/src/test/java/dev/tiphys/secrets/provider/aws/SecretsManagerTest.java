package dev.tiphys.secrets.provider.aws;

import static dev.tiphys.secrets.provider.aws.AwsSetup.text;
import static dev.tiphys.secrets.provider.aws.AwsSetup.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.re2j.Pattern;
import dev.tiphys.client.ApiResource;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Yaml;
import dev.tiphys.secrets.provider.MissingSecretException;
import dev.tiphys.secrets.provider.OpenStore;
import dev.tiphys.secrets.provider.Pushed;
import dev.tiphys.secrets.provider.RemoteReference;
import dev.tiphys.secrets.provider.Search;
import dev.tiphys.secrets.provider.StoreException;
import dev.tiphys.secrets.provider.aws.server.SecretsService;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Secrets Manager, as its own server of the tests speaks it.
class SecretsManagerTest {

  private static final String NO_NAME = "";

  private AwsSetup it;
  private SecretsService secrets;

  @BeforeEach
  void start() throws IOException {
    it = new AwsSetup();
    secrets = it.server.secrets;
    secrets.have("db", Struct.of("SecretString", "{\"password\":\"old\"}"));
    secrets.have(
        "db",
        Struct.of("SecretString", "{\"password\":\"s3cret\",\"port\":5432,\"a.b\":\"dotted\"}"));
  }

  @AfterEach
  void close() {
    it.close();
  }

  private OpenStore open() {
    return it.open("SecretsManager", "");
  }

  private static RemoteReference at(String key, String property, String version) {
    return new RemoteReference(key, property, version, false);
  }

  @Test
  void versionsAreNamedByStageOrId() throws InterruptedException {
    try (OpenStore store = open()) {
      assertThat(text(store.read(at("db", "password", "")))).isEqualTo("s3cret");
      assertThat(text(store.read(at("db", "password", "AWSPREVIOUS")))).isEqualTo("old");
      assertThat(text(store.read(at("db", "password", "uuid/version-1")))).isEqualTo("old");
      assertThat(text(store.read(at("db", "a.b", "")))).isEqualTo("dotted");
      assertThatThrownBy(() -> store.read(at("db", "", "uuid/none")))
          .isInstanceOf(MissingSecretException.class);
    }
  }

  @Test
  void whatAPropertyNamesMustBeThere() throws InterruptedException {
    try (OpenStore store = open()) {
      assertThatThrownBy(() -> store.read(at("db", "nothing", "")))
          .hasMessage("key nothing does not exist in secret db");
      secrets.have("plain", Struct.of("SecretString", "no json"));
      assertThatThrownBy(() -> store.readAll(at("plain", "", "")))
          .hasMessage("unable to unmarshal secret plain: it is no JSON object");
    }
  }

  @Test
  void binarySecretsAreDecoded() throws InterruptedException {
    secrets.have("file", Struct.of("SecretBinary", "AP8Q"));
    try (OpenStore store = open()) {
      assertThat(store.read(at("file", "", ""))).containsExactly(0, 0xff, 0x10);
    }
  }

  @Test
  void metadataAreTheTags() throws InterruptedException {
    secrets.secrets.get("db").tags.put("team", "blue");
    try (OpenStore store = open()) {
      assertThat(text(store.read(new RemoteReference("db", "", "", true))))
          .isEqualTo("{\"team\":\"blue\"}");
      assertThat(text(store.read(new RemoteReference("db", "team", "", true)))).isEqualTo("blue");
    }
  }

  @Test
  void aSecretThatIsToBeDeletedIsMissing() throws InterruptedException {
    secrets.secrets.get("db").deletion = "soon";
    try (OpenStore store = open()) {
      assertThatThrownBy(() -> store.read(at("db", "", "")))
          .isInstanceOf(MissingSecretException.class);
    }
  }

  @Test
  void aPrefixStandsBeforeEveryKey() throws InterruptedException {
    secrets.have("team/db", Struct.of("SecretString", "theirs"));
    try (OpenStore store = it.open("SecretsManager", "prefix: team/")) {
      assertThat(text(store.read(at("db", "", "")))).isEqualTo("theirs");
    }
  }

  @Test
  void manyPagesAreReadByNamePathAndTags() throws InterruptedException {
    for (int i = 1; i <= 5; i++) {
      secrets.have("app/" + i, Struct.of("SecretString", "value " + i));
      secrets.secrets.get("app/" + i).tags.put("team", i % 2 == 0 ? "blue" : "red");
    }
    try (OpenStore store = open()) {
      assertThat(texts(store.find(new Search(NO_NAME, Pattern.compile("^app/[123]"), Map.of()))))
          .containsOnlyKeys("app/1", "app/2", "app/3");
      assertThat(it.server.count("ListSecrets")).isEqualTo(3);
      assertThat(store.find(new Search("app/", Pattern.compile("."), Map.of()))).hasSize(5);
      assertThat(it.server.count("BatchGetSecretValue")).isEqualTo(3);
      assertThat(texts(store.find(new Search("", null, Map.of("team", "blue")))))
          .isEqualTo(Map.of("app/2", "value 2", "app/4", "value 4"));
      assertThatThrownBy(() -> store.find(new Search("app", null, Map.of())))
          .hasMessage("unexpected find operator");
    }
  }

  @Test
  void manyReadsOfOneSecretAreOneRequest() throws InterruptedException {
    try (OpenStore store = open()) {
      for (String property : new String[] {"password", "port", "a.b"}) {
        assertThat(store.read(at("db", property, ""))).isNotEmpty();
      }
      assertThat(it.server.count("GetSecretValue")).isEqualTo(1);
      it.cluster.advance(java.time.Duration.ofSeconds(2));
      assertThat(store.read(at("db", "port", ""))).isNotEmpty();
      assertThat(it.server.count("GetSecretValue")).isEqualTo(2);
    }
  }

  private static Pushed pushed(String key, String property, String value, String spec) {
    Struct metadata =
        spec.isEmpty()
            ? Struct.EMPTY
            : Yaml.struct(
                """
                apiVersion: kubernetes.external-secrets.io/v1alpha1
                kind: PushSecretMetadata
                spec: %s
                """
                    .formatted(spec));
    return new Pushed(
        new RemoteReference(key, property),
        Map.of("k", value.getBytes(StandardCharsets.UTF_8)),
        "k",
        metadata);
  }

  @Test
  void aPushedSecretBearsTheTagAndWhatIsSaidOfIt() throws InterruptedException {
    try (OpenStore store = open()) {
      store.push(
          pushed(
              "new",
              "",
              "v1",
              "{secretPushFormat: string, description: mine, tags: {a: b},"
                  + " replicationLocations: [eu-west-1]}"));
      SecretsService.Kept kept = secrets.secrets.get("new");
      assertThat(kept.tags).isEqualTo(Map.of("managed-by", "external-secrets", "a", "b"));
      assertThat(kept.description).isEqualTo("mine");
      assertThat(kept.replicas()).containsExactly("eu-west-1");
      assertThat(kept.current().string("SecretString")).isEqualTo("v1");

      store.push(pushed("new", "", "v2", "{tags: {c: d}, replicationLocations: [eu-west-2]}"));
      assertThat(kept.tags).isEqualTo(Map.of("managed-by", "external-secrets", "c", "d"));
      assertThat(kept.replicas()).containsExactly("eu-west-2");
      assertThat(text(store.read(at("new", "", "")))).isEqualTo("v2");
      assertThat(it.server.count("PutSecretValue")).isEqualTo(1);

      store.push(pushed("new", "", "v2", ""));
      assertThat(it.server.count("PutSecretValue")).isEqualTo(1); // nothing has changed
    }
  }

  @Test
  void whatAPushSaysMustBeKnown() throws InterruptedException {
    try (OpenStore store = open()) {
      assertThatThrownBy(() -> store.push(pushed("new", "", "v", "{secretPushFormat: yaml}")))
          .hasMessage("invalid secret push format: yaml");
      assertThatThrownBy(() -> store.push(pushed("new", "", "v", "{tags: {managed-by: me}}")))
          .hasMessage("error parsing tags in metadata: Cannot specify a 'managed-by' tag");
      assertThatThrownBy(() -> store.push(pushed("new", "", "v", "{colour: red}")))
          .hasMessageContaining("unknown field \"spec.colour\"");
      assertThatThrownBy(() -> store.push(pushed("db", "", "v", "")))
          .hasMessage("secret not managed by external-secrets");
      assertThat(secrets.secrets).containsOnlyKeys("db");
    }
  }

  @Test
  void aPolicyIsThatOfADocumentInTheCluster() throws InterruptedException {
    it.cluster.create(
        ApiResource.CONFIG_MAPS,
        "{apiVersion: v1, kind: ConfigMap, metadata: {name: p, namespace: default},"
            + " data: {doc: '{\"Version\":\"1\"}'}}");
    String spec = "{resourcePolicy: {policySourceRef: {kind: ConfigMap, name: p, key: doc}}}";
    try (OpenStore store = open()) {
      store.push(pushed("new", "", "v1", spec));
      assertThat(secrets.secrets.get("new").policy).isEqualTo("{\"Version\":\"1\"}");
      store.push(pushed("new", "", "v1", spec));
      assertThat(it.server.count("PutResourcePolicy")).isEqualTo(1);
      store.push(pushed("new", "", "v1", ""));
      assertThat(secrets.secrets.get("new").policy).isEmpty();
    }
  }

  @Test
  void deletionIsRecoverableUnlessTheStoreSaysOtherwise() throws InterruptedException {
    String days = "secretsManager: {recoveryWindowInDays: 7}";
    try (OpenStore store = it.open("SecretsManager", days)) {
      store.push(pushed("new", "", "v1", "{replicationLocations: [eu-west-1]}"));
      store.delete(new RemoteReference("new", ""));
      assertThat(secrets.secrets.get("new").deletion).isEqualTo("in 7 days");
      store.delete(new RemoteReference("db", ""));
      assertThat(secrets.secrets.get("db").deletion).isEmpty();
    }
    String force = "secretsManager: {forceDeleteWithoutRecovery: true}";
    try (OpenStore store = it.open("SecretsManager", force)) {
      store.push(pushed("other", "", "v1", ""));
      store.delete(new RemoteReference("other", ""));
      assertThat(secrets.secrets).doesNotContainKey("other");
    }
  }

  @Test
  void settingsAreChecked() {
    assertThatThrownBy(() -> it.open("SecretsManager", "secretsManager: {recoveryWindowInDays: 5}"))
        .isInstanceOf(StoreException.class)
        .hasMessage(
            "invalid DeleteSecretInput: RecoveryWindowInDays must be between 7 and 30 days");
    Struct settings = AwsSetup.settings("SecretsManager", "").with("region", "no region");
    assertThatThrownBy(() -> it.open("SecretStore", "default", settings, Struct.EMPTY))
        .hasMessage("region not found: no region");
    assertThatThrownBy(() -> it.open("CertificateManager", ""))
        .hasMessage("CertificateManager is not supported yet");
    assertThatThrownBy(() -> it.open("Storage", ""))
        .hasMessage("unknown AWS Provider Service: Storage");
  }
}
