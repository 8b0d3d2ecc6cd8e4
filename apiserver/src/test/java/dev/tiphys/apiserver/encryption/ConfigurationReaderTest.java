package dev.tiphys.apiserver.encryption;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiphys.world.RealWorld;
import dev.tiphys.world.World;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigurationReaderTest {

  private static final World WORLD = new RealWorld();
  private static final String HEAD =
      "apiVersion: apiserver.config.k8s.io/v1\nkind: EncryptionConfiguration\n";
  private static final String KEY = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

  @TempDir Path directory;

  private Path file(String text) throws IOException {
    return Files.writeString(directory.resolve("encryption.yaml"), text);
  }

  /// What is wrong with the entries; `KEY` stands for a good key.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[] | resources: Required value: at least one resources is required",
        "[{providers: [{identity: {}}]}] | resources[0].resources: Required value: at least one"
            + " resources[0].resources is required",
        "[{resources: [secrets]}] | resources[0].providers: Required value: at least one"
            + " resources[0].providers is required",
        "[{resources: [secrets], providers: [{}]}] | resources[0].providers[0]: Invalid value:"
            + " {\"AESGCM\":null,\"AESCBC\":null,\"Secretbox\":null,\"Identity\":null,\"KMS\":null}:"
            + " provider does not contain any of the expected providers: KMS, AESGCM, AESCBC,"
            + " Secretbox, Identity",
        "[{resources: [secrets], providers: [{identity: {}, aescbc: {keys: [{name: a, secret:"
            + " KEY}]}}]}] | more than one provider specified in a single element, should split"
            + " into different list elements",
        "[{resources: [secrets], providers: [{aescbc: {keys: []}}]}] |"
            + " resources[0].providers[0].aescbc.keys: Required value: at least one keys is"
            + " required",
        "[{resources: [secrets], providers: [{aescbc: {keys: [{secret: KEY}]}}]}] |"
            + " resources[0].providers[0].aescbc.keys[0].name: Required value: name is a mandatory"
            + " field for a key",
        "[{resources: [secrets], providers: [{aesgcm: {keys: [{name: a}]}}]}] |"
            + " resources[0].providers[0].aesgcm.keys[0].secret: Required value: secret is a"
            + " mandatory field for a key",
        "[{resources: [secrets], providers: [{secretbox: {keys: [{name: a, secret: '#'}]}}]}] |"
            + " resources[0].providers[0].secretbox.keys[0].secret: Invalid value: \"REDACTED\":"
            + " secrets must be base64 encoded",
        "[{resources: [secrets], providers: [{secretbox: {keys: [{name: a, secret: QUJD}]}}]}] |"
            + " resources[0].providers[0].secretbox.keys[0].secret: Invalid value: \"REDACTED\":"
            + " secret is not of the expected length, got 3, expected one of [32]",
        "[{resources: [secrets], providers: [{aescbc: {keys: [{name: a, secret: QUJD}]}}]}] |"
            + " got 3, expected one of [16 24 32]",
        "[{resources: [secrets, '*.'], providers: [{identity: {}}]}] | resources[0].resources:"
            + " Invalid value: [\"secrets\",\"*.\"]: using overlapping resources such as 'secrets'"
            + " and '*.' in the same resource list is not allowed as they will be masked",
        "[{resources: ['*.*', pods], providers: [{identity: {}}]}] | using overlapping resources",
        "[{resources: [pods, pods], providers: [{identity: {}}]}] | resources[0].resources: Invalid"
            + " value: [\"pods\",\"pods\"]: the same resource cannot be specified multiple times",
        "[{resources: [Secrets], providers: [{identity: {}}]}] | resources[0].resources[0]: Invalid"
            + " value: \"Secrets\": resource name should not contain capital letters",
        "[{resources: ['*'], providers: [{identity: {}}]}] | use '*.' to encrypt all the resources"
            + " from core API group or *.* to encrypt all resources",
        "[{resources: [servicenodeportallocations], providers: [{identity: {}}]}] | resources which"
            + " do not have REST API/s cannot be encrypted",
        "[{resources: [events.events.k8s.io], providers: [{identity: {}}]}] | '*.events.k8s.io'"
            + " objects are stored using the 'events' API group in etcd. Use 'events' instead in"
            + " the config file",
        "[{resources: [ingresses.extensions], providers: [{identity: {}}]}] | 'extensions' group"
            + " has been removed and cannot be used for encryption",
        "[{resources: ['pods.*'], providers: [{identity: {}}]}] | encrypting the same resource"
            + " across groups is not supported",
        "[{resources: [secrets], providers: [{kms: {apiVersion: v2, endpoint: 'unix:///a'}}]}] |"
            + " resources[0].providers[0].kms.name: Required value: name is a mandatory field for a"
            + " provider",
        "[{resources: [secrets], providers: [{kms: {apiVersion: v2, name: 'a:b', endpoint:"
            + " 'unix:///a'}}]}] | kms.name: Invalid value: \"a:b\": invalid KMS provider name"
            + " a:b, must not contain ':'",
        "[{resources: [secrets], providers: [{kms: {apiVersion: v2, name: a, endpoint:"
            + " 'unix:///a'}}, {kms: {apiVersion: v2, name: a, endpoint: 'unix:///b'}}]}] |"
            + " resources[0].providers[1].kms.name: Invalid value: \"a\": duplicate KMS provider"
            + " name a, names must be unique",
        "[{resources: [secrets], providers: [{kms: {apiVersion: v2, name: a}}]}] | kms.endpoint:"
            + " Invalid value: \"\": endpoint is a mandatory field for a kms",
        "[{resources: [secrets], providers: [{kms: {apiVersion: v2, name: a, endpoint:"
            + " 'http:///a'}}]}] | kms.endpoint: Invalid value: \"http:///a\": unsupported scheme"
            + " \"http\" for KMS provider, only unix is supported",
        "[{resources: [secrets], providers: [{kms: {apiVersion: v3, name: a, endpoint:"
            + " 'unix:///a'}}]}] | kms.apiVersion: Invalid value: \"v3\": unsupported apiVersion"
            + " apiVersion for KMS provider, only v1 and v2 are supported",
        "[{resources: [secrets], providers: [{kms: {apiVersion: v2, name: a, endpoint:"
            + " 'unix:///a', timeout: 0s}}]}] | kms.timeout: Invalid value: \"0s\": timeout should"
            + " be a positive value",
        "[{resources: [secrets], providers: [{kms: {apiVersion: v2, name: a, endpoint:"
            + " 'unix:///a', cachesize: 5}}]}] | kms.cachesize: Invalid value: 5: cachesize is not"
            + " supported in v2",
        "[{resources: [secrets], provider: [{identity: {}}]}] | strict decoding error: unknown"
            + " field \"resources[0].provider\"",
        "[{resources: [secrets], providers: [{aescbc: {keys: [{name: a, secret: KEY, old: 1}]}}]}] |"
            + " strict decoding error: unknown field"
            + " \"resources[0].providers[0].aescbc.keys[0].old\""
      })
  void saysWhatIsWrong(String entries, String expected) throws IOException {
    Path file = file(HEAD + "resources: " + entries.replace("KEY", KEY));
    assertThatThrownBy(() -> EncryptionConfiguration.read(file, false))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(expected)
        .hasMessageNotContaining(KEY);
  }

  @Test
  void wantsAFileThatIsThere() {
    assertThatThrownBy(() -> EncryptionConfiguration.read(directory.resolve("none"), false))
        .hasMessageContaining("error reading encryption provider configuration file");
  }

  @Test
  void wantsAFileThatSaysSomething() throws IOException {
    Path file = file("");
    assertThatThrownBy(() -> EncryptionConfiguration.read(file, false))
        .hasMessageEndingWith("is empty");
  }

  @Test
  void knowsNoOtherVersion() throws IOException {
    Path file = file(HEAD.replace("/v1", "/v2") + "resources: []");
    assertThatThrownBy(() -> EncryptionConfiguration.read(file, false))
        .hasMessageContaining(
            "no kind \"EncryptionConfiguration\" is registered for version"
                + " \"apiserver.config.k8s.io/v2\"");
  }

  /// Which resources are encrypted, by what a configuration names.
  @ParameterizedTest
  @CsvSource({
    "secrets,secrets,'',true",
    "secrets,secrets,other,false",
    "secrets,configmaps,'',false",
    "'*.',configmaps,'',true",
    "'*.',deployments,apps,false",
    "'*.apps',deployments,apps,true",
    "'*.apps',jobs,batch,false",
    "deployments.apps,deployments,apps,true",
    "'*.*',anything,any.group,true",
  })
  void namesResources(String named, String resource, String group, boolean encrypted)
      throws IOException {
    KeyRing ring =
        ring("- resources: ['" + named + "']\n  providers: [{aesgcm: {keys: [" + one() + "]}}]");
    assertThat(ring.of(group, resource)).matches(found -> found != Transformer.PLAIN == encrypted);
  }

  private static String one() {
    return "{name: key1, secret: " + KEY + "}";
  }

  private KeyRing ring(String entries) throws IOException {
    return new KeyRing(
        EncryptionConfiguration.read(file(HEAD + "resources:\n" + entries), false),
        WORLD,
        new EncryptionMetrics(WORLD, "server"));
  }

  @Test
  void theMostSpecificNameCounts() throws IOException {
    KeyRing ring =
        ring(
            "- {resources: [secrets], providers: [{identity: {}}]}\n- {resources: ['*.*'], providers:"
                + " [{aesgcm: {keys: ["
                + one()
                + "]}}]}");
    byte[] plain = {1, 2, 3};
    assertThat(ring.of("", "secrets").toStorage(plain, "/registry/secrets/a/b")).isEqualTo(plain);
    assertThat(ring.of("", "pods").toStorage(plain, "/registry/pods/a/b")).isNotEqualTo(plain);
  }

  @Test
  void nothingIsMaskedByAnEarlierRule() {
    assertThatThrownBy(
            () ->
                ring(
                    "- {resources: ['*.'], providers: [{identity: {}}]}\n"
                        + "- {resources: [secrets], providers: [{identity: {}}]}"))
        .hasMessage(
            "error while building transformers: resource \"secrets\" is masked by earlier rule"
                + " \"*.\"");
  }

  @Test
  void pluginsOfTheFirstVersionAreRefused() {
    assertThatThrownBy(
            () ->
                ring(
                    "- {resources: [secrets], providers: [{kms: {name: a, endpoint: 'unix:///a'}}]}"))
        .hasMessageContaining("KMSv1 is deprecated")
        .hasMessageContaining("Use KMSv2 instead.");
  }

  /// Bytes moved to another place in the store are not taken for an object there.
  @Test
  void aValueIsBoundToItsPlace() throws IOException {
    Transformer aesgcm =
        ring("- {resources: [secrets], providers: [{aesgcm: {keys: [" + one() + "]}}]}")
            .of("", "secrets");
    byte[] stored = aesgcm.toStorage(new byte[] {1}, "/registry/secrets/a/b");
    assertThatThrownBy(() -> aesgcm.fromStorage(stored, "/registry/secrets/a/c"))
        .hasMessage("cipher: message authentication failed");
  }
}
