package dev.tiphys.secrets.provider.aws;

import static dev.tiphys.secrets.provider.aws.AwsSetup.assertClean;
import static dev.tiphys.secrets.provider.aws.AwsSetup.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.sun.net.httpserver.HttpServer;
import dev.tiphys.client.ApiResource;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Yaml;
import dev.tiphys.secrets.provider.OpenStore;
import dev.tiphys.secrets.provider.OpenStore.Validity;
import dev.tiphys.secrets.provider.RemoteReference;
import dev.tiphys.secrets.provider.StoreException;
import dev.tiphys.secrets.provider.aws.server.AwsServer;
import dev.tiphys.secrets.provider.aws.server.AwsServer.Failure;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Where credentials come from, that they are renewed in time, and that they are not seen.
class CredentialsTest {

  private static final String ROLE = "arn:aws:iam::1:role/";

  private AwsSetup it;

  @BeforeEach
  void start() throws IOException {
    it = new AwsSetup();
    it.server.secrets.have("db", Struct.of("SecretString", "s3cret"));
  }

  @AfterEach
  void close() {
    it.close();
  }

  private void assertReads(OpenStore store) throws InterruptedException {
    it.cluster.advance(Duration.ofSeconds(2)); // no earlier answer serves
    assertThat(text(store.read(new RemoteReference("db", "")))).isEqualTo("s3cret");
  }

  private OpenStore bare(String more) {
    Struct settings = Yaml.struct("{service: SecretsManager, region: eu-central-1" + more + "}");
    return it.open("SecretStore", "default", settings, Struct.EMPTY);
  }

  @Test
  void aWrongKeyIsRefusedWithoutBeingSeen() {
    it.cluster.delete(ApiResource.SECRETS, "aws");
    it.secret("default", "not-the-key-of-it");
    try (OpenStore store = it.open("SecretsManager", "")) {
      Throwable refused = catchThrowable(() -> store.read(new RemoteReference("db", "")));
      assertThat(refused)
          .isInstanceOf(StoreException.class)
          .hasMessage(
              "operation error Secrets Manager: GetSecretValue, https response error StatusCode:"
                  + " 400, api error InvalidSignatureException: The request signature we"
                  + " calculated does not match the signature you provided.");
      assertThat(refused.getMessage()).doesNotContain("not-the-key-of-it");
      assertClean(refused);
    }
  }

  @Test
  void aSecretThatIsNotThereIsNamed() {
    it.cluster.delete(ApiResource.SECRETS, "aws");
    assertThatThrownBy(() -> it.open("SecretsManager", ""))
        .hasMessageStartingWith(
            "unable to create session: could not fetch SecretAccessKey secret: cannot get"
                + " Kubernetes secret \"aws\" from namespace \"default\"");
  }

  @Test
  void rolesAreAssumedOneAfterTheOther() throws InterruptedException {
    try (OpenStore store =
        it.open(
            "SecretsManager",
            """
            role: arn:aws:iam::1:role/last
            additionalRoles: [arn:aws:iam::1:role/first]
            externalID: outside
            sessionTags: [{key: team, value: blue}]
            transitiveTagKeys: [team]
            """)) {
      assertReads(store);
      assertReads(store);
      assertThat(it.server.count("AssumeRole")).isEqualTo(2);
      assertThat(it.server.asked)
          .startsWith("AssumeRole " + AwsServer.ACCESS_KEY, "AssumeRole ASIA1");
      assertThat(it.server.forms.getFirst())
          .containsEntry("RoleArn", ROLE + "first")
          .containsEntry("DurationSeconds", "900")
          .doesNotContainKeys("ExternalId", "Tags.member.1.Key");
      assertThat(it.server.forms.get(1))
          .containsEntry("RoleArn", ROLE + "last")
          .containsEntry("ExternalId", "outside")
          .containsEntry("Tags.member.1.Key", "team")
          .containsEntry("Tags.member.1.Value", "blue")
          .containsEntry("TransitiveTagKeys.member.1", "team");
    }
  }

  @Test
  void temporaryCredentialsAreRenewedBeforeTheyEnd() throws InterruptedException {
    try (OpenStore store = it.open("SecretsManager", "role: arn:aws:iam::1:role/app")) {
      assertReads(store);
      it.cluster.advance(Duration.ofMinutes(9));
      assertReads(store);
      assertThat(it.server.count("AssumeRole")).isEqualTo(1);
      it.cluster.advance(Duration.ofMinutes(2));
      assertReads(store);
      assertThat(it.server.count("AssumeRole")).isEqualTo(2);
    }
  }

  @Test
  void whatIsStillGoodServesWhileRenewingFails() throws InterruptedException {
    try (OpenStore store = it.open("SecretsManager", "role: arn:aws:iam::1:role/app")) {
      assertReads(store);
      it.cluster.advance(Duration.ofMinutes(11));
      it.server.failures.add(new Failure(400, "AccessDenied", "not now"));
      assertReads(store);
      assertReads(store);
      assertThat(it.server.count("AssumeRole")).isEqualTo(2);
      it.cluster.advance(Duration.ofMinutes(1));
      assertReads(store);
      assertThat(it.server.count("AssumeRole")).isEqualTo(3);
    }
  }

  @Test
  void credentialsThatWereTakenBackAreReplacedAtOnce() throws InterruptedException {
    try (OpenStore store = it.open("SecretsManager", "role: arn:aws:iam::1:role/app")) {
      assertReads(store);
      it.server.expire();
      assertReads(store);
      assertThat(it.server.count("AssumeRole")).isEqualTo(2);
    }
  }

  @Test
  void aServiceAccountsTokenIsTradedForARole() throws InterruptedException {
    it.cluster.create(
        ApiResource.SERVICE_ACCOUNTS,
        """
        apiVersion: v1
        kind: ServiceAccount
        metadata:
          name: app
          namespace: default
          annotations: {eks.amazonaws.com/role-arn: "arn:aws:iam::1:role/app"}
        """);
    try (OpenStore store = bare(", auth: {jwt: {serviceAccountRef: {name: app}}}")) {
      assertThat(store.validate()).isEqualTo(Validity.READY);
      assertReads(store);
      assertThat(it.server.count("AssumeRoleWithWebIdentity")).isEqualTo(1);
      Map<String, String> form = it.server.forms.getFirst();
      assertThat(form)
          .containsEntry("RoleArn", ROLE + "app")
          .containsEntry("RoleSessionName", "external-secrets-provider-aws");
      String claims = form.get("WebIdentityToken").split("\\.", -1)[1];
      assertThat(new String(Base64.getUrlDecoder().decode(claims), StandardCharsets.UTF_8))
          .contains("sts.amazonaws.com", "system:serviceaccount:default:app");
    }
  }

  @Test
  void aServiceAccountNeedsARole() {
    assertThatThrownBy(() -> bare(", auth: {jwt: {serviceAccountRef: {name: default}}}"))
        .hasMessage(
            "unable to create session: an IAM role must be associated with service account"
                + " default (namespace: default)");
  }

  @Test
  void aClusterStoreUsesTheCredentialsOfTheNamespaceThatAsks() throws InterruptedException {
    Struct settings = AwsSetup.settings("SecretsManager", "role: arn:aws:iam::1:role/app");
    Struct simple = settings.with("sessionTagsPolicy", "Simple");
    try (OpenStore store = it.open("ClusterSecretStore", "", simple, Struct.EMPTY)) {
      assertThat(store.validate()).isEqualTo(Validity.UNKNOWN);
    }
    try (OpenStore store = it.open("ClusterSecretStore", "default", simple, Struct.EMPTY)) {
      assertReads(store);
      assertThat(it.server.forms.getFirst().values())
          .contains("esoNamespace", "default", "esoStoreName", "main", "ClusterSecretStore");
    }
  }

  @Test
  void settingsThatNameNoneLeadToTheProcesss() throws InterruptedException {
    it.variables.put("AWS_ACCESS_KEY_ID", AwsServer.ACCESS_KEY);
    it.variables.put("AWS_SECRET_ACCESS_KEY", AwsServer.SECRET_KEY);
    try (OpenStore store = bare("")) {
      assertReads(store);
    }
  }

  @Test
  void filesHaveKeysAndRolesOfProfiles(@TempDir Path folder) throws Exception {
    it.home = folder;
    Files.createDirectory(folder.resolve(".aws"));
    Files.writeString(
        folder.resolve(".aws/credentials"),
        "[base]\naws_access_key_id = %s\naws_secret_access_key=%s\n"
            .formatted(AwsServer.ACCESS_KEY, AwsServer.SECRET_KEY));
    Files.writeString(
        folder.resolve(".aws/config"),
        """
        # a comment
        [default]
        role_arn = arn:aws:iam::1:role/app
        source_profile = base
        [profile other]
        credential_process = /bin/true
        """);
    try (OpenStore store = bare("")) {
      assertReads(store);
      assertThat(it.server.count("AssumeRole")).isEqualTo(1);
    }
    it.variables.put("AWS_PROFILE", "other");
    try (OpenStore store = bare("")) {
      assertThatThrownBy(store::validate)
          .hasMessageEndingWith("credential_process of profile other is not supported");
    }
  }

  @Test
  void aTokenInAFileIsTradedForARole(@TempDir Path folder) throws Exception {
    Path token = Files.writeString(folder.resolve("token"), "a.web.token\n");
    it.variables.put("AWS_WEB_IDENTITY_TOKEN_FILE", token.toString());
    it.variables.put("AWS_ROLE_ARN", ROLE + "app");
    try (OpenStore store = bare("")) {
      assertReads(store);
      assertThat(it.server.forms.getFirst()).containsEntry("WebIdentityToken", "a.web.token");
    }
  }

  @Test
  void containersAndMachinesHaveTheirs() throws Exception {
    String keys =
        "{\"AccessKeyId\": \"%s\", \"SecretAccessKey\": \"%s\"}"
            .formatted(AwsServer.ACCESS_KEY, AwsServer.SECRET_KEY);
    HttpServer near =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    near.createContext(
        "/",
        exchange -> {
          String path = exchange.getRequestURI().getPath();
          boolean allowed =
              switch (path) {
                case "/keys" ->
                    "hidden".equals(exchange.getRequestHeaders().getFirst("Authorization"));
                case "/latest/api/token" -> exchange.getRequestMethod().equals("PUT");
                default ->
                    "t".equals(exchange.getRequestHeaders().getFirst("X-aws-ec2-metadata-token"));
              };
          String answer =
              path.endsWith("token") ? "t" : path.endsWith("credentials/") ? "app" : keys;
          byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(allowed ? 200 : 401, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    near.start();
    String place = "http://127.0.0.1:" + near.getAddress().getPort();
    try {
      it.variables.put("AWS_CONTAINER_CREDENTIALS_FULL_URI", place + "/keys");
      it.variables.put("AWS_CONTAINER_AUTHORIZATION_TOKEN", "hidden");
      try (OpenStore store = bare("")) {
        assertReads(store);
      }
      it.variables.put("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://example.com/keys");
      try (OpenStore store = bare("")) {
        assertThatThrownBy(store::validate).hasMessageContaining("neither near nor HTTPS");
      }
      it.variables.remove("AWS_CONTAINER_CREDENTIALS_FULL_URI");
      it.variables.remove("AWS_EC2_METADATA_DISABLED");
      it.variables.put("AWS_EC2_METADATA_SERVICE_ENDPOINT", place);
      try (OpenStore store = bare("")) {
        assertReads(store);
      }
    } finally {
      near.stop(0);
    }
  }

  @Test
  void withoutAnyItIsSaidWhereTheyWereLookedFor() throws InterruptedException {
    try (OpenStore store = bare("")) {
      assertThatThrownBy(store::validate)
          .hasMessage(
              "failed to retrieve credentials: neither environment, web identity, shared files,"
                  + " container nor instance metadata have any");
    }
  }
}
