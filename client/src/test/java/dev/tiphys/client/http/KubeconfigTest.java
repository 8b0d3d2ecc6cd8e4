package dev.tiphys.client.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiphys.object.Struct;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
    assertThat(access.token()).isEqualTo("secret");
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
}
