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

  private static final Kubeconfig.Access RENEWED =
      new Kubeconfig.Access("https://localhost:1", "", "", "", "renewed");

  private static String token(Path file, String context) throws Exception {
    return Kubeconfig.read(file).context(context, file).token();
  }

  @Test
  void aRenewedCertificateReachesBothFilesAndLeavesTheUsersChoicesAlone() throws Exception {
    DataDirectory data = DataDirectory.make(parent.resolve("data"));
    Path mine = AdminKubeconfig.write(ACCESS, data, parent.resolve("mine"));
    Kubeconfig.read(mine).with("other", ACCESS).write(mine);

    AdminKubeconfig.renew(RENEWED, data, mine);

    assertThat(token(data.adminKubeconfig(), AdminKubeconfig.CONTEXT)).isEqualTo("renewed");
    assertThat(token(mine, AdminKubeconfig.CONTEXT)).isEqualTo("renewed");
    assertThat(token(mine, "other")).isEqualTo("secret");
    assertThat(Kubeconfig.read(mine).tree().string("current-context")).isEqualTo("other");
  }

  @Test
  void aFileThatLeadsElsewhereMeanwhileIsLeftAlone() throws Exception {
    DataDirectory data = DataDirectory.make(parent.resolve("data"));
    Path mine = AdminKubeconfig.write(ACCESS, data, parent.resolve("mine"));
    Kubeconfig.of(
            AdminKubeconfig.CONTEXT, new Kubeconfig.Access("https://other:1", "", "", "", "other"))
        .write(mine);
    Path gone = parent.resolve("gone");

    AdminKubeconfig.renew(RENEWED, data, mine);
    AdminKubeconfig.renew(RENEWED, data, gone);

    assertThat(token(mine, AdminKubeconfig.CONTEXT)).isEqualTo("other");
    assertThat(gone).doesNotExist();
  }
}
