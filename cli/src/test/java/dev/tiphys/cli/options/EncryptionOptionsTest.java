package dev.tiphys.cli.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiphys.apiserver.encryption.EncryptionConfiguration;
import dev.tiphys.cli.data.DataDirectory;
import dev.tiphys.cli.data.EncryptionFile;
import dev.tiphys.cli.machine.CliException;
import dev.tiphys.cli.roles.EncryptionChoice;
import dev.tiphys.world.RealWorld;
import dev.tiphys.world.World;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class EncryptionOptionsTest {

  private static final World WORLD = new RealWorld();

  @TempDir Path directory;
  private DataDirectory data;

  @BeforeEach
  void begin() {
    data = DataDirectory.make(directory.resolve("data"));
  }

  private static EncryptionOptions parsed(String... arguments) {
    EncryptionOptions options = new EncryptionOptions();
    new CommandLine(options).parseArgs(arguments);
    return options;
  }

  @Test
  void aClusterHasAKeyFromTheFirstStartThatOnlyItsOwnerReads() throws IOException {
    EncryptionChoice choice = parsed().choiceOfCluster(WORLD, data);
    Path file = data.encryption();
    assertThat(choice).isEqualTo(new EncryptionChoice(file, true));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    EncryptionConfiguration made = EncryptionConfiguration.read(file, true);
    assertThat(made.entries()).hasSize(1);
    assertThat(made.entries().getFirst().resources()).containsExactly("secrets");
    assertThat(made.entries().getFirst().providers())
        .hasExactlyElementsOfTypes(
            EncryptionConfiguration.Provider.Secretbox.class,
            EncryptionConfiguration.Provider.Plain.class);
  }

  @Test
  void theKeyStays() throws IOException {
    parsed().choiceOfCluster(WORLD, data);
    String first = Files.readString(data.encryption());
    parsed().choiceOfCluster(WORLD, data);
    assertThat(Files.readString(data.encryption())).isEqualTo(first);
  }

  @Test
  void aServerAloneUsesTheKeyOfItsDirectoryAndMakesNone() {
    assertThat(parsed().choice(data)).isEqualTo(new EncryptionChoice(null, false));
    parsed().choiceOfCluster(WORLD, data);
    assertThat(parsed().choice(data)).isEqualTo(new EncryptionChoice(data.encryption(), true));
  }

  @Test
  void aFileThatIsNamedCounts() {
    EncryptionOptions options = parsed("--encryption-provider-config", "/some/file");
    assertThat(options.choiceOfCluster(WORLD, data))
        .isEqualTo(new EncryptionChoice(Path.of("/some/file"), false));
    assertThat(data.encryption()).doesNotExist();
    assertThat(
            parsed(
                    "--encryption-provider-config=/some/file",
                    "--encryption-provider-config-automatic-reload=true")
                .choice(data)
                .reloads())
        .isTrue();
  }

  @Test
  void onlyAFileCanBeReloaded() {
    assertThatThrownBy(
            () ->
                parsed("--encryption-provider-config-automatic-reload")
                    .choiceOfCluster(WORLD, data))
        .isInstanceOf(CliException.class)
        .hasMessage(
            "--encryption-provider-config-automatic-reload must be set with"
                + " --encryption-provider-config");
  }

  @Test
  void aForkHasTheKeys() throws IOException {
    parsed().choiceOfCluster(WORLD, data);
    DataDirectory fork = DataDirectory.make(directory.resolve("fork"));
    EncryptionFile.copy(data, fork);
    assertThat(Files.readString(fork.encryption())).isEqualTo(Files.readString(data.encryption()));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(fork.encryption())))
        .isEqualTo("rw-------");
  }
}
