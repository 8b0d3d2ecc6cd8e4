package dev.tiphys.secrets.provider.aws;

import static dev.tiphys.secrets.provider.aws.AwsSetup.text;
import static dev.tiphys.secrets.provider.aws.AwsSetup.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.re2j.Pattern;
import dev.tiphys.object.encoding.Yaml;
import dev.tiphys.secrets.provider.MissingSecretException;
import dev.tiphys.secrets.provider.OpenStore;
import dev.tiphys.secrets.provider.Pushed;
import dev.tiphys.secrets.provider.RemoteReference;
import dev.tiphys.secrets.provider.Search;
import dev.tiphys.secrets.provider.aws.server.ParametersService;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Parameter Store, as its own server of the tests speaks it.
class ParameterStoreTest {

  private AwsSetup it;
  private ParametersService parameters;

  @BeforeEach
  void start() throws IOException {
    it = new AwsSetup();
    parameters = it.server.parameters;
    parameters.have("/team/db", "first");
    parameters.have("/team/db", "second");
    parameters.have("/team/db", "third");
    parameters.parameters.get("/team/db").labels.put("blessed", 2);
  }

  @AfterEach
  void close() {
    it.close();
  }

  private OpenStore open() {
    return it.open("ParameterStore", "");
  }

  private static RemoteReference at(String key, String version, boolean metadata) {
    return new RemoteReference(key, "", version, metadata);
  }

  @Test
  void versionsAreNumbersOrLabels() throws InterruptedException {
    try (OpenStore store = open()) {
      assertThat(text(store.read(at("/team/db", "", false)))).isEqualTo("third");
      assertThat(text(store.read(at("/team/db", "1", false)))).isEqualTo("first");
      assertThat(text(store.read(at("/team/db", "blessed", false)))).isEqualTo("second");
      assertThatThrownBy(() -> store.read(at("/team/db", "9", false)))
          .isInstanceOf(MissingSecretException.class);
    }
  }

  @Test
  void metadataAreTheTags() throws InterruptedException {
    parameters.parameters.get("/team/db").tags.put("team", "blue");
    try (OpenStore store = open()) {
      assertThat(text(store.read(at("/team/db", "", true)))).isEqualTo("{\"team\":\"blue\"}");
    }
  }

  @Test
  void parametersAreFoundByPathNameAndTags() throws InterruptedException {
    for (int i = 1; i <= 4; i++) {
      parameters.have("/app/deep/" + i, "value " + i);
      parameters.parameters.get("/app/deep/" + i).tags.put("odd", String.valueOf(i % 2 == 1));
    }
    try (OpenStore store = open()) {
      assertThat(texts(store.find(new Search("/app", Pattern.compile("[12]$"), Map.of()))))
          .isEqualTo(Map.of("/app/deep/1", "value 1", "/app/deep/2", "value 2"));
      assertThat(store.find(new Search("", Pattern.compile("."), Map.of()))).hasSize(5);
      assertThat(store.find(new Search("/app", null, Map.of("odd", "true"))).keySet())
          .containsExactly("/app/deep/1", "/app/deep/3");
      assertThatThrownBy(() -> store.find(new Search("/app", null, Map.of())))
          .hasMessage("unexpected find operator");
    }
  }

  @Test
  void anAccountThatMayNotReadByPathIsAskedOneByOne() throws InterruptedException {
    parameters.denyPaths = true;
    try (OpenStore store = open()) {
      assertThat(texts(store.find(new Search("", Pattern.compile("db"), Map.of()))))
          .isEqualTo(Map.of("/team/db", "third"));
    }
  }

  private static Pushed pushed(String key, String value, String spec) {
    return new Pushed(
        new RemoteReference("/new", ""),
        Map.of("k", value.getBytes(StandardCharsets.UTF_8)),
        key,
        Yaml.struct(
            """
            apiVersion: kubernetes.external-secrets.io/v1alpha1
            kind: PushSecretMetadata
            spec: %s
            """
                .formatted(spec)));
  }

  @Test
  void aPushedParameterBearsTheTagAndWhatIsSaidOfIt() throws InterruptedException {
    String spec =
        "{secretType: SecureString, kmsKeyID: mine, tags: {a: b}, description: d,"
            + " tier: {type: Advanced, policies: [{Type: Expiration}]}}";
    try (OpenStore store = open()) {
      store.push(pushed("k", "v1", spec));
      ParametersService.Kept kept = parameters.parameters.get("/new");
      assertThat(kept.tags).isEqualTo(Map.of("managed-by", "external-secrets", "a", "b"));
      assertThat(kept.request)
          .isEqualTo(
              Yaml.struct(
                      """
                      {Name: /new, Type: SecureString, KeyId: mine, Tier: Advanced, Description: d,
                       Policies: '[{"Type":"Expiration"}]', Overwrite: false}
                      """)
                  .with("Tags", kept.request.list("Tags")));
      store.push(pushed("k", "v2", "{tags: {c: d}}"));
      assertThat(kept.tags).isEqualTo(Map.of("managed-by", "external-secrets", "c", "d"));
      assertThat(kept.value()).isEqualTo("v2");
      store.push(pushed("k", "v2", "{}"));
      assertThat(it.server.count("PutParameter")).isEqualTo(2); // nothing has changed
      assertThat(store.has(new RemoteReference("/new", ""))).isTrue();
      store.delete(new RemoteReference("/new", ""));
      assertThat(store.has(new RemoteReference("/new", ""))).isFalse();
    }
  }

  @Test
  void aWholeSecretIsPushedEncodedUnlessItIsNotToBe() throws InterruptedException {
    try (OpenStore store = open()) {
      store.push(pushed("", "v1", "{}"));
      assertThat(parameters.parameters.get("/new").value()).isEqualTo("{\"k\":\"djE=\"}");
      store.push(pushed("", "v1", "{encodeAsDecoded: true}"));
      assertThat(parameters.parameters.get("/new").value()).isEqualTo("{\"k\":\"v1\"}");
    }
  }

  @Test
  void whatOthersHaveMadeIsLeftAlone() throws InterruptedException {
    try (OpenStore store = open()) {
      parameters.have("/new", "theirs");
      assertThatThrownBy(() -> store.push(pushed("k", "v", "{}")))
          .hasMessage("secret not managed by external-secrets");
      store.delete(new RemoteReference("/new", ""));
      assertThat(parameters.parameters.get("/new").value()).isEqualTo("theirs");
    }
  }
}
