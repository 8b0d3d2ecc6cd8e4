package dev.tiphys.apiserver;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.apiserver.encryption.ConfiguredEncryption;
import dev.tiphys.store.Store;
import dev.tiphys.store.embedded.EmbeddedStore;
import dev.tiphys.store.embedded.Seed;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Objects encrypted in the store, over HTTP.
class EncryptionTest {

  private static final String SECRETS = "/api/v1/namespaces/default/secrets";
  private static final String PLAIN = "nobody-may-read-this";
  private static final String KEY1 =
      "{name: key1, secret: MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=}";
  private static final String KEY2 =
      "{name: key2, secret: ZmVkY2JhOTg3NjU0MzIxMGZlZGNiYTk4NzY1NDMyMTA=}";
  private static final String IDENTITY = "{identity: {}}";

  @TempDir Path directory;

  private static String provider(String kind, String... keys) {
    return "{" + kind + ": {keys: [" + String.join(", ", keys) + "]}}";
  }

  private Path configuration(String... providers) throws IOException {
    return Files.writeString(
        directory.resolve("encryption.yaml"),
        """
        apiVersion: apiserver.config.k8s.io/v1
        kind: EncryptionConfiguration
        resources:
        - resources: [secrets]
          providers: [%s]
        """
            .formatted(String.join(", ", providers)));
  }

  private ConfiguredEncryption encryption(String... providers) throws IOException {
    return new ConfiguredEncryption(RunningServer.WORLD, "it", configuration(providers), false);
  }

  private Path data() {
    return directory.resolve("store");
  }

  private Store store() {
    return EmbeddedStore.open(data(), RunningServer.WORLD);
  }

  private RunningServer server(String... providers) throws IOException {
    return new RunningServer(store(), RunningServer.SETTINGS.encryptedBy(encryption(providers)));
  }

  private static String secret(String name) {
    return "{'metadata':{'name':'%s','labels':{'app':'%s'}},'stringData':{'password':'%s'}}"
        .formatted(name, name, PLAIN);
  }

  private static String key(String name) {
    return "/registry/secrets/default/" + name;
  }

  private static String text(byte[] bytes) {
    return new String(bytes, ISO_8859_1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"aescbc", "aesgcm", "secretbox"})
  void isStoredUnderUpstreamsPrefix(String kind) throws Exception {
    try (RunningServer server = server(provider(kind, KEY1, KEY2))) {
      Wire wire = new Wire(server);
      assertThat(wire.post(SECRETS, secret("s1")).code()).isEqualTo(201);
      assertThat(text(server.stored(key("s1"))))
          .startsWith("k8s:enc:" + kind + ":v1:key1:")
          .doesNotContain(PLAIN);
      assertThat(password(wire, "s1")).isEqualTo(PLAIN);
    }
    try (RunningServer again = server(provider(kind, KEY1))) {
      assertThat(password(new Wire(again), "s1")).as("after a restart").isEqualTo(PLAIN);
    }
  }

  private static String password(Wire wire, String name) throws Exception {
    String encoded = wire.get(SECRETS + "/" + name).json().string("data", "password");
    return new String(Base64.getDecoder().decode(encoded), UTF_8);
  }

  @Test
  void nothingIsPlainInAnyFile() throws Exception {
    Path fork = directory.resolve("fork");
    try (RunningServer server = server(provider("secretbox", KEY1))) {
      Wire wire = new Wire(server);
      for (int i = 0; i < 50; i++) {
        wire.post(SECRETS, secret("s" + i));
        wire.patch("merge-patch", SECRETS + "/s" + i, "{'metadata':{'labels':{'a':'b'}}}");
      }
      wire.delete(SECRETS + "/s1", "");
      Seed.plant(new ByteArrayInputStream(wire.get("/fork").response().body()), fork);
    }
    assertNothingIsPlain(data());
    assertNothingIsPlain(fork);
    try (RunningServer forked =
        new RunningServer(
            EmbeddedStore.open(fork, RunningServer.WORLD),
            RunningServer.SETTINGS.encryptedBy(encryption(provider("secretbox", KEY1))))) {
      assertThat(password(new Wire(forked), "s2")).isEqualTo(PLAIN);
    }
  }

  @Test
  void aForkIsGivenNothingPlainThoughItIsOld() throws Exception {
    try (RunningServer server = new RunningServer(store(), RunningServer.SETTINGS)) {
      new Wire(server).post(SECRETS, secret("s1"));
    }
    Path fork = directory.resolve("fork");
    try (RunningServer server = server(provider("secretbox", KEY1), IDENTITY)) {
      Wire.Answer seed = new Wire(server).get("/fork");
      Seed.plant(new ByteArrayInputStream(seed.response().body()), fork);
    }
    assertNothingIsPlain(fork);
  }

  private static void assertNothingIsPlain(Path files) throws IOException {
    String encoded = Base64.getEncoder().encodeToString(PLAIN.getBytes(UTF_8));
    try (Stream<Path> all = Files.walk(files)) {
      List<Path> regular = all.filter(Files::isRegularFile).toList();
      assertThat(regular).isNotEmpty();
      for (Path each : regular) {
        assertThat(text(Files.readAllBytes(each)))
            .as(each.toString())
            .doesNotContain(PLAIN)
            .doesNotContain(encoded);
      }
    }
  }

  @Test
  void aLostKeyIsToldByWhatItHides() throws Exception {
    try (RunningServer server = server(provider("aescbc", KEY1))) {
      new Wire(server).post(SECRETS, secret("s1"));
    }
    try (RunningServer server = server(provider("aescbc", KEY2))) {
      Wire wire = new Wire(server);
      String message =
          "Internal error occurred: unable to transform key \"/registry/secrets/default/s1\": no"
              + " matching key was found for the provided AES transformer";
      assertThat(wire.post(SECRETS, secret("s2")).code()).isEqualTo(201);
      assertThat(password(wire, "s2")).isEqualTo(PLAIN);
      for (String path :
          List.of(
              SECRETS + "/s1",
              SECRETS,
              SECRETS + "?limit=1",
              SECRETS + "?labelSelector=app%3Ds2",
              SECRETS + "?fieldSelector=type%3DOpaque",
              SECRETS + "?resourceVersion=0",
              "/api/v1/secrets")) {
        Wire.Answer answer = wire.get(path);
        assertThat(answer.code()).as(path).isEqualTo(500);
        assertThat(answer.message()).as(path).isEqualTo(message);
      }
      assertThat(wire.get(SECRETS + "?labelSelector=app%3Ds2").code()).as("again").isEqualTo(500);
      assertThat(wire.delete(SECRETS + "/s1", "").code()).isEqualTo(500);
      assertThat(
              wire.delete(
                      SECRETS + "/s1", "{'ignoreStoreReadErrorWithClusterBreakingPotential':true}")
                  .code())
          .as("what upstream switches off")
          .isEqualTo(500);
      assertThat(wire.get("/api/v1/configmaps").code()).isEqualTo(200);
      assertThat(wire.get("/readyz").code()).isEqualTo(200);
    }
  }

  /// A token that can't be compared proves nothing; that is no fault of the request's.
  @Test
  void aTokenWhoseKeyWasLostProvesNothing() throws Exception {
    String system = "/api/v1/namespaces/kube-system/secrets";
    String join = "abcdef.0123456789abcdef";
    try (RunningServer server = server(provider("aescbc", KEY1))) {
      Wire.Answer made =
          new Wire(server)
              .post(
                  system,
                  "{'metadata':{'name':'bootstrap-token-abcdef'},'type':'bootstrap.kubernetes.io/token',"
                      + "'stringData':{'token-id':'abcdef','token-secret':'0123456789abcdef',"
                      + "'usage-bootstrap-authentication':'true'}}");
      assertThat(made.code()).isEqualTo(201);
      assertThat(new Wire(server, join).get("/version").code()).isEqualTo(200);
    }
    try (RunningServer server = server(provider("aescbc", KEY2))) {
      assertThat(new Wire(server, join).get("/version").code()).isEqualTo(401);
      Wire.Answer review =
          new Wire(server)
              .post(
                  "/apis/authentication.k8s.io/v1/tokenreviews",
                  "{'spec':{'token':'" + join + "'}}");
      assertThat(review.code()).isEqualTo(201);
      assertThat(review.json().struct("status").bool("authenticated")).isFalse();
      assertThat(review.json().string("status", "error")).contains("unable to transform key");
    }
  }

  @Test
  void aWatchDoesNotPassOverWhatItCannotRead() throws Exception {
    try (RunningServer server = server(provider("aescbc", KEY1))) {
      new Wire(server).post(SECRETS, secret("s1"));
    }
    try (RunningServer server = server(provider("aescbc", KEY2))) {
      Wire wire = new Wire(server);
      Wire.Answer answer = wire.get(SECRETS + "?watch=true&timeoutSeconds=1");
      assertThat(answer.text()).contains(key("s1")).doesNotContain("\"ADDED\"");
    }
  }

  @Test
  void whatIsEncryptedIsNotPlainText() throws Exception {
    try (RunningServer server = server(provider("aesgcm", KEY1))) {
      new Wire(server).post(SECRETS, secret("s1"));
    }
    try (RunningServer server = new RunningServer(store(), RunningServer.SETTINGS)) {
      assertThat(new Wire(server).get(SECRETS + "/s1").message())
          .isEqualTo(
              "Internal error occurred: unable to transform key \"/registry/secrets/default/s1\":"
                  + " identity transformer tried to read encrypted data");
      assertThat(new Wire(server).get(SECRETS + "?labelSelector=app%3Ds2").code()).isEqualTo(500);
    }
  }

  @Test
  void anUnchangedWriteRotates() throws Exception {
    try (RunningServer server = new RunningServer(store(), RunningServer.SETTINGS)) {
      new Wire(server).post(SECRETS, secret("s1"));
      assertThat(text(server.stored(key("s1")))).contains(PLAIN);
    }
    try (RunningServer server = server(provider("aescbc", KEY1), IDENTITY)) {
      rewrite(server, "k8s:enc:aescbc:v1:key1:");
    }
    try (RunningServer server = server(provider("aescbc", KEY2, KEY1))) {
      rewrite(server, "k8s:enc:aescbc:v1:key2:");
    }
    try (RunningServer server = server(provider("secretbox", KEY1), provider("aescbc", KEY2))) {
      rewrite(server, "k8s:enc:secretbox:v1:key1:");
    }
    try (RunningServer server = server(IDENTITY, provider("secretbox", KEY1))) {
      rewrite(server, "k8s\0");
    }
  }

  private static void rewrite(RunningServer server, String prefix) throws Exception {
    Wire wire = new Wire(server);
    assertThat(password(wire, "s1")).isEqualTo(PLAIN);
    String before = wire.get(SECRETS + "/s1").text();
    String version = version(wire.send("PUT", SECRETS + "/s1", before));
    assertThat(version).isNotEqualTo(version(before));
    assertThat(text(server.stored(key("s1")))).startsWith(prefix);
    String after = wire.get(SECRETS + "/s1").text();
    assertThat(version(wire.send("PUT", SECRETS + "/s1", after)))
        .as("nothing is left to rotate")
        .isEqualTo(version);
  }

  private static String version(Wire.Answer answer) {
    assertThat(answer.code()).isEqualTo(200);
    return version(answer.text());
  }

  private static String version(String json) {
    return dev.tiphys.object.encoding.Json.struct(json).string("metadata", "resourceVersion");
  }
}
