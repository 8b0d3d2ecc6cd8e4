package dev.tiphys.cli.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiphys.cli.machine.CliException;
import dev.tiphys.client.http.Kubeconfig;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdminKubeconfigTest {

  private static final Kubeconfig.Access ACCESS =
      new Kubeconfig.Access("https://localhost:1", "", "", "", "secret");

  @TempDir Path parent;

  @Test
  void itIsWrittenIntoTheDataDirectoryAndWhereItIsWanted() throws Exception {
    DataDirectory data = DataDirectory.make(parent.resolve("data"));
    Path wanted = parent.resolve("mine");

    assertThat(AdminKubeconfig.write(ACCESS, data, wanted)).isEqualTo(wanted);
    for (Path file : new Path[] {wanted, data.adminKubeconfig()}) {
      Kubeconfig written = Kubeconfig.read(file);
      assertThat(written.current(file).server()).isEqualTo("https://localhost:1");
      assertThat(written.context(AdminKubeconfig.CONTEXT, file).server())
          .isEqualTo("https://localhost:1");
    }
  }

  @Test
  void aFileThatCannotBeWrittenIsToldWithTheOptionThatChoosesAnother() throws Exception {
    DataDirectory data = DataDirectory.make(parent.resolve("data"));
    Path file = Files.createFile(parent.resolve("file"));

    assertThatThrownBy(() -> AdminKubeconfig.write(ACCESS, data, file.resolve("below")))
        .isInstanceOf(CliException.class)
        .hasMessageStartingWith("cannot write the kubeconfig (")
        .hasMessageEndingWith("choose a file for it with --kubeconfig");
  }
}
