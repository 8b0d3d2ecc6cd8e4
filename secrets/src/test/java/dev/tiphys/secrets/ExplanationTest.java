package dev.tiphys.secrets;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.object.Struct;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What is told of an ExternalSecret: where its keys come from, and what is in the way; never a
/// value.
class ExplanationTest {

  private SecretsCluster it;

  @BeforeEach
  void start() {
    it = new SecretsCluster(1);
    it.provider.secrets.put("db", "{\"user\":\"me\",\"password\":\"s3cret\"}");
    it.store();
  }

  @AfterEach
  void close() {
    it.close();
  }

  private Struct why() {
    return it.explanation().of("default", "app").orElseThrow();
  }

  private static List<String> keys(Struct answer) {
    return answer.structs("keys").stream()
        .map(key -> key.string("key") + " <- " + key.string("from") + " " + key.bool("kept"))
        .toList();
  }

  @Test
  void itSaysWhereEachKeyComesFromAndWhenItIsReadAgain() {
    it.external(
        """
        refreshInterval: 1m
        data: [{secretKey: password, remoteRef: {key: db, property: password}}]
        dataFrom: [{extract: {key: db}}]
        """);

    Struct answer = why();
    assertThat(keys(answer))
        .containsExactly(
            "password <- spec.data[0]: SecretStore/main, db#password true",
            "user <- spec.dataFrom[0]: SecretStore/main, db true");
    assertThat(answer.struct("ready").string("reason")).isEqualTo("SecretSynced");
    assertThat(answer.string("lastRead")).isNotEmpty();
    assertThat(answer.string("next")).isGreaterThan(answer.string("lastRead"));
    assertThat(answer.structs("stores").getFirst().bool("works")).isTrue();
    assertThat(answer.toString()).doesNotContain("s3cret");
  }

  @Test
  void itSaysWhatFailed() {
    it.external("data: [{secretKey: a, remoteRef: {key: nowhere}}]");
    assertThat(why().string("failure"))
        .isEqualTo("error processing spec.data[0] (key: nowhere), err: Secret does not exist");
    assertThat(why().bool("exists")).isFalse();
    assertThat(it.explanation().of("default", "other")).isEmpty();
  }

  @Test
  void aDryRunSaysWhichKeysThereWouldBeAndWritesNothing() throws InterruptedException {
    it.external("refreshInterval: 0s\ndataFrom: [{extract: {key: db}}]");
    it.provider.secrets.put("db", "{\"user\":\"me\",\"token\":\"other\"}");
    Struct before = it.secret("app");

    Struct answer = it.explanation().dryRun("default", "app").orElseThrow();

    assertThat(keys(answer))
        .containsExactly(
            "token <- spec.dataFrom[0]: SecretStore/main, db true",
            "user <- spec.dataFrom[0]: SecretStore/main, db true");
    assertThat(answer.toString()).doesNotContain("other");
    assertThat(it.secret("app")).isEqualTo(before);
  }
}
