package dev.tiphys.node.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PauseProgramTest {

  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource(Architecture.class)
  void theFileIsAnExecutableForItsMachine(Architecture architecture) {
    byte[] bytes = PauseProgram.elf(architecture);
    ByteBuffer file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);

    assertThat(file.getInt(0)).isEqualTo(0x464c457f);
    assertThat(file.getShort(16)).as("type").isEqualTo((short) 2);
    assertThat(file.getShort(18))
        .as("machine")
        .isEqualTo((short) (architecture == Architecture.AMD64 ? 62 : 183));
    assertThat(file.getLong(24)).as("entry").isEqualTo(0x400000 + 64 + 2 * 56);
    assertThat(file.getShort(56)).as("program headers").isEqualTo((short) 2);
    assertThat(file.getInt(64)).as("loadable").isEqualTo(1);
    assertThat(file.getInt(68)).as("read and execute").isEqualTo(5);
    assertThat(file.getLong(64 + 32)).as("size in the file").isEqualTo(bytes.length);
    assertThat(file.getLong(64 + 40)).as("size in memory").isEqualTo(bytes.length);
    assertThat(bytes.length).isLessThan(512);
  }

  @ParameterizedTest
  @EnumSource(Architecture.class)
  void theSignalStructuresAreAtTheEnd(Architecture architecture) {
    byte[] bytes = PauseProgram.elf(architecture);
    ByteBuffer file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int ignoring = bytes.length - 64;
    int ending = bytes.length - 32;

    assertThat(ignoring % 8).isZero();
    assertThat(file.getLong(ignoring)).as("SIG_IGN").isEqualTo(1);
    assertThat(file.getLong(ending))
        .as("a handler inside the code")
        .isBetween(0x400000L + 64 + 2 * 56, 0x400000L + ignoring);
  }

  @ParameterizedTest
  @EnumSource(names = {"TERM", "INT"})
  void itRunsUntilItIsToldToEnd(Signal signal) throws Exception {
    assumeThat(System.getProperty("os.name")).isEqualTo("Linux");
    Process pause = start();
    awaitSignals(pause, "SigCgt:", 1 << 1 | 1 << 14); // handles 2 and 15

    new ProcessBuilder("kill", "-" + signal, Long.toString(pause.pid())).start().waitFor();

    assertThat(pause.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(pause.exitValue()).isZero();
  }

  @Test
  void itIgnoresWhatBecomesOfChildren() throws Exception {
    assumeThat(System.getProperty("os.name")).isEqualTo("Linux");
    Process pause = start();
    try {
      awaitSignals(pause, "SigIgn:", 1 << 16); // ignores 17
    } finally {
      pause.destroyForcibly();
    }
  }

  /// Waits until the kernel says so of the process. It stays so: the process sleeps for ever.
  private static void awaitSignals(Process process, String field, long signals) throws Exception {
    Path status = Path.of("/proc", Long.toString(process.pid()), "status");
    long seen = 0;
    while ((seen & signals) != signals) {
      assertThat(process.isAlive()).isTrue();
      seen =
          Files.readAllLines(status).stream()
              .filter(line -> line.startsWith(field))
              .map(line -> Long.parseUnsignedLong(line.substring(field.length()).strip(), 16))
              .findFirst()
              .orElse(0L);
    }
  }

  private Process start() throws Exception {
    Path file = directory.resolve("pause");
    Files.write(file, PauseProgram.elf(Architecture.ofThisMachine()));
    assertThat(file.toFile().setExecutable(true)).isTrue();
    return new ProcessBuilder(file.toString()).start();
  }

  enum Signal {
    TERM,
    INT
  }
}
