package dev.tiphys.client.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Yaml;
import dev.tiphys.world.VirtualWorld;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KubeconfigTest {

  private static final Kubeconfig.Access ACCESS =
      new Kubeconfig.Access("https://10.0.0.1:6443", "authority", "certificate", "key", "");

  @TempDir Path directory;

  private Path file() {
    return directory.resolve("sub").resolve("config");
  }

  @Test
  void whatIsWrittenIsRead() throws IOException {
    Kubeconfig.of("one", ACCESS).write(file());

    assertThat(Kubeconfig.read(file()).current(file())).isEqualTo(ACCESS);
    assertThat(Files.getPosixFilePermissions(file()))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
  }

  @Test
  void aContextIsAddedToThoseOfOthers() throws IOException {
    Kubeconfig.Access other = new Kubeconfig.Access("https://other", "", "", "", "secret");

    Kubeconfig both = Kubeconfig.of("one", ACCESS).with("two", other);

    assertThat(both.tree().structs("contexts")).hasSize(2);
    assertThat(both.current(file())).isEqualTo(other);
    assertThat(both.with("one", ACCESS).tree().structs("clusters")).hasSize(2);
    assertThat(both.with("one", ACCESS).current(file())).isEqualTo(ACCESS);
  }

  @Test
  void whatOthersWroteIntoItStays() throws IOException {
    Files.createDirectories(directory.resolve("sub"));
    Files.writeString(
        file(),
        """
        apiVersion: v1
        kind: Config
        current-context: old
        extensions:
        - name: theirs
        contexts:
        - name: old
          context: {cluster: old, user: old, namespace: team}
        """);

    Kubeconfig changed = Kubeconfig.read(file()).with("one", ACCESS);

    assertThat(changed.tree().structs("extensions")).hasSize(1);
    assertThat(changed.tree().structs("contexts").getFirst().string("context", "namespace"))
        .isEqualTo("team");
    assertThat(changed.tree().string("current-context")).isEqualTo("one");
  }

  @Test
  void filesThatItNamesLieBesideIt() throws IOException {
    Files.createDirectories(directory.resolve("sub"));
    Files.writeString(directory.resolve("sub/ca.pem"), "the authority");
    Files.writeString(directory.resolve("sub/token"), "secret\n");
    Struct tree =
        dev.tiphys.object.encoding.Json.struct(
            """
            {"current-context": "c",
             "contexts": [{"name": "c", "context": {"cluster": "k", "user": "u"}}],
             "clusters": [{"name": "k", "cluster":
               {"server": "https://s", "certificate-authority": "ca.pem"}}],
             "users": [{"name": "u", "user": {"tokenFile": "token"}}]}
            """);

    Kubeconfig.Access access = new Kubeconfig(tree).current(file());

    assertThat(access.authority()).isEqualTo("the authority");
    assertThat(access.more().tokenFile()).hasContent("secret\n");
  }

  @Test
  void whatIsMissingIsTold() {
    Kubeconfig empty = new Kubeconfig(Struct.of("current-context", "none"));

    assertThatThrownBy(() -> empty.current(file()))
        .isInstanceOf(IOException.class)
        .hasMessage(file() + " has no context \"none\"");
    assertThatThrownBy(
            () -> Kubeconfig.of("one", new Kubeconfig.Access("", "", "", "", "")).current(file()))
        .hasMessage(file() + " names no server for the context \"one\"");
  }

  @Test
  void aFileThatIsNoneIsTold() throws IOException {
    Files.createDirectories(directory.resolve("sub"));
    Files.writeString(file(), "a: [");

    assertThatThrownBy(() -> Kubeconfig.read(file()))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(file() + " is no kubeconfig: ");
  }

  private Kubeconfig.Access access(String cluster, String user) throws IOException {
    return tree(cluster, user).current(file());
  }

  private static Kubeconfig tree(String cluster, String user) {
    return new Kubeconfig(
        Yaml.struct(
            """
            current-context: c
            contexts: [{name: c, context: {cluster: k, user: u}}]
            clusters: [{name: k, cluster: {server: "https://s", %s}}]
            users: [{name: u, user: {%s}}]
            """
                .formatted(cluster, user)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // cluster | user | what is read of it
        "certificate-authority-data: Y2E= | '' | authority=ca",
        "certificate-authority: ca.pem | '' | authority=the authority",
        "'certificate-authority: ca.pem, certificate-authority-data: Y2E=' | '' | authority=ca",
        "insecure-skip-tls-verify: true | '' | skip",
        "tls-server-name: other | '' | name=other",
        "'proxy-url: \"http://p:3128\"' | '' | proxy=http://p:3128",
        "'' | token: t | token=t",
        "'' | tokenFile: token | tokenFile",
        "'' | 'token: t, tokenFile: token' | token=t tokenFile",
        "'' | 'username: u, password: p' | basic=u:p",
        "'' | 'client-certificate-data: Yw==, client-key-data: aw==' | certificate=c key=k",
        "'' | 'client-certificate: cert.pem, client-key-data: aw==' | certificate=the cert key=k",
        "'' | 'token: t, as: bob, as-uid: \"1\", as-groups: [a, b]' | token=t as=bob/1/[a, b]/{}",
        "'' | 'as: bob, as-user-extra: {reason: [x]}' | as=bob//[]/{reason=[x]}"
      })
  void saysWhereAndWho(String cluster, String user, String expected) throws IOException {
    Files.createDirectories(directory.resolve("sub"));
    Files.writeString(directory.resolve("sub/ca.pem"), "the authority");
    Files.writeString(directory.resolve("sub/cert.pem"), "the cert");
    Files.writeString(directory.resolve("sub/token"), "from a file");

    assertThat(shown(access(cluster, user))).isEqualTo(expected);
  }

  /// What is not empty.
  private static String shown(Kubeconfig.Access access) {
    AccessOptions more = access.more();
    List<String> parts = new ArrayList<>();
    add(parts, "authority=", access.authority());
    add(parts, "certificate=", access.certificate());
    add(parts, "key=", access.key());
    add(parts, "token=", access.token());
    add(parts, more.tokenFile() == null ? "" : "tokenFile", more.tokenFile() == null ? "" : " ");
    add(parts, "basic=", more.username().isEmpty() ? "" : more.username() + ":" + more.password());
    add(parts, more.skipVerify() ? "skip" : "", more.skipVerify() ? " " : "");
    add(parts, "name=", more.serverName());
    add(parts, "proxy=", more.proxy());
    AccessOptions.Impersonation as = more.impersonation();
    add(
        parts,
        "as=",
        as.user().isEmpty()
            ? ""
            : as.user() + "/" + as.uid() + "/" + as.groups() + "/" + as.extra());
    return String.join(" ", parts);
  }

  private static void add(List<String> parts, String name, String value) {
    if (!value.isEmpty()) {
      parts.add((name + value).strip());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "certificate-authority: gone.pem | '' | names a file that is not there: gone.pem",
        "certificate-authority-data: Y2E=YQ | '' | certificate-authority-data is not base64",
        "'insecure-skip-tls-verify: true, certificate-authority-data: Y2E=' | '' | not to be verified",
        "'proxy-url: \"socks5://p\"' | '' | only proxies with http://",
        "'' | 'token: t, username: u' | more than one authentication method: token, username",
        "'' | 'auth-provider: {name: gcp}' | auth provider \"gcp\"",
        "'' | 'exec: {apiVersion: v9, command: x}' | invalid apiVersion \"v9\"",
        "'' | 'exec: {apiVersion: client.authentication.k8s.io/v1, command: x, interactiveMode: Always}' | interactive"
      })
  void whatCannotBeIsTold(String cluster, String user, String message) throws IOException {
    Files.createDirectories(directory.resolve("sub"));

    assertThatThrownBy(() -> access(cluster, user))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(file().toString())
        .hasMessageContaining(message);
  }

  @Test
  void severalFilesAreOne() throws IOException {
    Path first = directory.resolve("one/config");
    Path second = directory.resolve("two/config");
    Files.createDirectories(first.getParent());
    Files.createDirectories(second.getParent());
    Files.writeString(second.resolveSibling("token"), "of two");
    Files.writeString(
        first,
        """
        contexts: [{name: a, context: {cluster: k, user: u}}]
        clusters: [{name: k, cluster: {server: "https://first"}}]
        """);
    Files.writeString(
        second,
        """
        current-context: b
        contexts:
        - {name: a, context: {cluster: other, user: other}}
        - {name: b, context: {cluster: k, user: u}}
        clusters: [{name: k, cluster: {server: "https://second"}}]
        users: [{name: u, user: {tokenFile: token}}]
        """);

    Kubeconfig merged = Kubeconfig.merged(List.of(first, directory.resolve("gone"), second));

    assertThat(merged.current(first).server()).isEqualTo("https://first");
    assertThat(merged.current(first).more().tokenFile()).hasContent("of two");
    assertThat(merged.context("a", first)).isEqualTo(merged.context("b", first));
    assertThatThrownBy(() -> merged.context("c", first))
        .hasMessage(first + " has no context \"c\"");
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "unset",
      value = {"unset, /u", "'', /u", "/a, /a", "/a:/b, /a /b", ":/a::/b:/a, /a /b"})
  void theVariableNamesFiles(String variable, String files) {
    assertThat(
            String.join(
                " ",
                Kubeconfig.files(variable, Path.of("/u")).stream().map(Path::toString).toList()))
        .isEqualTo(files);
  }

  private Kubeconfig.Access withPlugin(String script, String more) throws IOException {
    Files.createDirectories(directory.resolve("sub"));
    Path plugin = directory.resolve("sub/plugin");
    Files.writeString(plugin, "#!/bin/sh\n" + script);
    Files.setPosixFilePermissions(plugin, PosixFilePermissions.fromString("rwx------"));
    Kubeconfig config =
        tree(
            "insecure-skip-tls-verify: true",
            "exec: {apiVersion: client.authentication.k8s.io/v1, command: ./plugin, %s}"
                .formatted(more));
    config.write(file());
    return Kubeconfig.merged(List.of(file())).current(file());
  }

  @Test
  void aPluginIsAskedAsTheKubeconfigSays() throws Exception {
    Kubeconfig.Access access =
        withPlugin(
            """
            echo "$KUBERNETES_EXEC_INFO" > "$OUT"
            echo '{"apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential",
              "status": {"token": "'$1-$2'", "expirationTimestamp": "2026-01-01T01:00:00Z"}}'
            """,
            "provideClusterInfo: true, args: [a, b], env: [{name: OUT, value: %s}]"
                .formatted(directory.resolve("asked")));

    ExecPlugin.Given given = Objects.requireNonNull(access.more().exec()).run();

    assertThat(given.token()).isEqualTo("a-b");
    assertThat(given.expires()).isEqualTo(Instant.parse("2026-01-01T01:00:00Z"));
    assertThat(Yaml.struct(Files.readString(directory.resolve("asked"))))
        .isEqualTo(
            Yaml.struct(
                """
                kind: ExecCredential
                apiVersion: client.authentication.k8s.io/v1
                spec:
                  interactive: false
                  cluster: {server: "https://s", insecure-skip-tls-verify: true}
                """));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "exit 3 | failed with exit code 3",
        "echo nonsense | decoding stdout",
        "echo '{\"kind\": \"ExecCredential\", \"apiVersion\": \"client.authentication.k8s.io/v1beta1\"}' | plugin returned version client.authentication.k8s.io/v1beta1",
        "echo '{\"kind\": \"ExecCredential\", \"apiVersion\": \"client.authentication.k8s.io/v1\", \"status\": {}}' | didn't return a token or cert/key pair",
        "echo '{\"kind\": \"ExecCredential\", \"apiVersion\": \"client.authentication.k8s.io/v1\", \"status\": {\"clientKeyData\": \"k\"}}' | only certificate or key"
      },
      quoteCharacter = '~')
  void aPluginThatGivesNothingIsTold(String script, String message) throws Exception {
    ExecPlugin plugin = Objects.requireNonNull(withPlugin(script, "args: []").more().exec());

    assertThatThrownBy(plugin::run).isInstanceOf(IOException.class).hasMessageContaining(message);
  }

  @Test
  void aPluginIsAskedAgainWhenWhatItGaveIsOverOrRefused() throws Exception {
    VirtualWorld world = new VirtualWorld(1);
    Path count = directory.resolve("count");
    Identity identity =
        new Identity(
            world,
            withPlugin(
                """
                echo x >> "$COUNT"
                echo '{"apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential",
                  "status": {"token": "'$(wc -l < "$COUNT")'",
                  "expirationTimestamp": "2026-01-01T01:00:00Z"}}'
                """,
                "env: [{name: COUNT, value: %s}]".formatted(count)));

    assertThat(identity.proof().authorization()).isEqualTo("Bearer 1");
    assertThat(identity.proof().authorization()).isEqualTo("Bearer 1");
    assertThat(identity.refused(identity.proof())).isTrue();
    assertThat(identity.proof().authorization()).isEqualTo("Bearer 2");
    assertThat(identity.refused(new Identity.Proof("Bearer 1", "", ""))).isTrue();
    assertThat(identity.proof().authorization()).isEqualTo("Bearer 2");
    world.advance(Duration.ofHours(1));
    assertThat(identity.proof().authorization()).isEqualTo("Bearer 3");
  }

  @Test
  void aTokenFileIsReadAgainEachMinute() throws Exception {
    VirtualWorld world = new VirtualWorld(1);
    Files.createDirectories(directory.resolve("sub"));
    Path token = directory.resolve("sub/token");
    Files.writeString(token, "one\n");
    Identity identity = new Identity(world, access("", "token: old, tokenFile: token"));

    assertThat(identity.proof().authorization()).isEqualTo("Bearer one");
    Files.writeString(token, "two");
    assertThat(identity.proof().authorization()).isEqualTo("Bearer one");
    world.advance(Duration.ofMinutes(1));
    assertThat(identity.proof().authorization()).isEqualTo("Bearer two");
    Files.delete(token);
    world.advance(Duration.ofMinutes(1));
    assertThat(identity.proof().authorization()).isEqualTo("Bearer two");
    assertThat(identity.refused(identity.proof())).isFalse();
  }

  @Test
  void aUserAndAPasswordAreShownAsBasicAuthentication() throws Exception {
    Identity identity =
        new Identity(new VirtualWorld(1), access("", "username: ann, password: secret"));

    assertThat(identity.proof().authorization()).isEqualTo("Basic YW5uOnNlY3JldA==");
  }
}
