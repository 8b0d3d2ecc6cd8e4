package dev.tiphys.store.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiphys.store.Event;
import dev.tiphys.store.StoreException;
import dev.tiphys.store.StoreException.Reason;
import dev.tiphys.store.Write;
import dev.tiphys.store.WriteResult;
import dev.tiphys.store.WriteResult.Written;
import dev.tiphys.world.RealWorld;
import dev.tiphys.world.World;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.URL;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullUnmarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A process that is killed while it writes, again and again, on one directory.
@NullUnmarked // a null fails the test
class KilledProcessTest {

  private static final Options SMALL =
      new Options(64 << 10, 256 << 10, 256 << 10, 64 << 10, Duration.ofMinutes(5), 1 << 20);

  @TempDir Path directory;

  private final World world = new RealWorld();
  private final Ledger ledger = new Ledger();

  @Test
  void losesNothingThatItAcknowledged() throws Exception {
    killAgainAndAgain(10, System.nanoTime());
  }

  @Test
  @Tag("crash")
  @Timeout(3_600)
  void neverLosesAnythingThatItAcknowledged() throws Exception {
    killAgainAndAgain(220, System.nanoTime());
  }

  @Test
  void keepsItsDirectoryToItselfWhileItLives() throws Exception {
    Process process = start(0);
    try (BufferedReader lines = process.inputReader()) {
      lines.readLine();
      assertThatThrownBy(() -> EmbeddedStore.open(directory, SMALL, world))
          .isInstanceOfSatisfying(
              StoreException.class, e -> assertThat(e.reason()).isEqualTo(Reason.IN_USE))
          .hasMessageContaining(directory.toString())
          .hasMessageContaining("process " + process.pid());
    } finally {
      process.destroyForcibly().waitFor();
    }
    EmbeddedStore.open(directory, SMALL, world).close();
  }

  private void killAgainAndAgain(int rounds, long seed) throws Exception {
    System.out.println("KilledProcessTest: seed " + seed);
    SplittableRandom random = new SplittableRandom(seed);
    for (int round = 0; round < rounds; round++) {
      Process process = start(round);
      readUntilKilled(process, random.nextInt(1, 4000));
      check();
    }
  }

  private Process start(int round) throws IOException {
    return new ProcessBuilder(
            ProcessHandle.current().info().command().orElseThrow(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-cp",
            classPath(),
            Child.class.getName(),
            directory.toString(),
            Integer.toString(round))
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private static String classPath() {
    Path tests = Path.of(resource(KilledProcessTest.class)).getParent();
    for (String _ : KilledProcessTest.class.getPackageName().split("\\.")) {
      tests = tests.getParent();
    }
    return String.join(
        File.pathSeparator,
        tests.toString(),
        origin(EmbeddedStore.class),
        origin(World.class),
        origin(Nullable.class));
  }

  private static URI resource(Class<?> type) {
    return URI.create(String.valueOf(type.getResource(type.getSimpleName() + ".class")));
  }

  private static String origin(Class<?> type) {
    URL location = type.getProtectionDomain().getCodeSource().getLocation();
    return Path.of(URI.create(location.toString())).toString();
  }

  /// Kills the process as soon as it has acknowledged so many writes, and reads on to the end.
  private void readUntilKilled(Process process, int writes) throws Exception {
    int acknowledged = 0;
    try (BufferedReader lines = process.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String[] words = line.split(" ", -1);
        if (words.length < 4 || !words[3].equals(".")) {
          continue; // cut off by the kill
        }
        byte[] value = words[2].equals("-") ? null : Child.value(Integer.parseInt(words[2]));
        if (words[0].equals("asks")) {
          ledger.ask(Write.put(words[1], value));
        } else {
          ledger.know(Long.parseLong(words[0]), words[1], value);
          acknowledged++;
        }
        if (acknowledged == writes) {
          process.toHandle().destroyForcibly(); // leaves the pipe as it is
        }
      }
    }
    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(128 + 9);
  }

  private void check() {
    try (EmbeddedStore store = EmbeddedStore.open(directory, SMALL, world)) {
      List<Event> history = PowerLossTest.history(store, world);
      ledger.check(store, history);
    }
  }

  /// The process that is killed.
  static final class Child {

    private final EmbeddedStore store;
    private final int round;
    private final PrintStream out = System.out;

    private Child(EmbeddedStore store, int round) {
      this.store = store;
      this.round = round;
    }

    public static void main(String[] args) {
      World world = new RealWorld();
      EmbeddedStore store = EmbeddedStore.open(Path.of(args[0]), SMALL, world);
      Child child = new Child(store, Integer.parseInt(args[1]));
      for (int i = 1; i < 8; i++) {
        int number = i;
        world.start("writer", () -> child.write(number));
      }
      child.write(0);
    }

    private void write(int number) {
      SplittableRandom random = new SplittableRandom(round * 1000L + number);
      while (true) {
        String key = "/" + random.nextInt(40);
        int seed = random.nextInt();
        byte[] value = random.nextInt(5) == 0 ? null : value(seed);
        String what = key + " " + (value == null ? "-" : seed) + " .";
        tell("asks " + what);
        WriteResult result = store.write(Write.put(key, value));
        if (result instanceof Written written && (value != null || written.previous() != null)) {
          tell(written.revision() + " " + what);
        }
        if (random.nextInt(200) == 0 && store.revision() - 300 > store.history().compacted()) {
          store.compact(store.revision() - 300);
        }
      }
    }

    /// Whole lines only, so that what was told before a kill can be read.
    private void tell(String line) {
      synchronized (out) {
        out.println(line);
        out.flush();
      }
    }

    static byte[] value(int seed) {
      SplittableRandom random = new SplittableRandom(seed);
      byte[] value = new byte[random.nextInt(random.nextInt(20) == 0 ? 20_000 : 600)];
      random.nextBytes(value);
      return value;
    }
  }
}
